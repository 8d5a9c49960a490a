"""What owners ask of their costs: the API of the pages, and where each answer comes from.

**From the control room** (`bridge.run(lambda room: room.costs...)`), on the GUI's behalf:

- `await room.costs.books(12) -> Books`: the last months up to the running one, from the cache, at once. What is
  not there (`Books.missing`) or was overtaken (`Books.stale`) is computed in the background from that moment on.
- `room.costs.subscribe()` -> subscription; its thread-safe `take() -> CostNews | None` tells, at most since the
  last take, `progress: Progress(running, period, done 0..1, left)` and `changed: tuple[period, ...]`; `close()`.
- `room.costs.cancel()` ends the computing; `await room.costs.refresh()` begins it again.
- `await room.costs.month("2026-03") -> Book`: computed if need be.
- `await room.costs.evidence("2026-03") -> Book`: the same with every `Part.lines` filled.
- `await room.costs.preview({"manpower.rate": "35"}, months=12) -> Preview(old, new)`: Books before and after, not
  kept. A change is kept by `bridge.do(SaveEntry("assumption", key, {"value": "35"}), why)`; the past then is
  priced anew by itself, and `Book.assumption_set` rises.
- `await room.costs.issue("2026-03", by)`: keeps the figures of a month as issued (entry "statement", key
  "2026-03/1"); `issued(entries)` reads them, `compared(statement, book)` shows a later version beside it.

**From `Books`, pure and instant** (this module): `rows`, `total_of`, `trend`, `opened`, `bridge`, `by_nature`,
`ranking`, `actions`, `saved_by`, `radar`, `swings_of`, `moved_of`. Amounts are `Decimal` in major units; None
means "not known yet" (then `asks` says what to ask for: an assumption's key, "price" or "energy-cost").

**From the store** (`bridge.query(key, fn, *args)`): `evidence(connection, zone_name, period, cost, site=, cause=,
station=, limit=)`, `coverage(connection, zone_name, now_ms, weeks=13)`, `warranty_pack(connection, vendor,
from_ms, to_ms)`, `rate_rows(connection)` for the assumptions page.

A line's `object` names its evidence: "fault:12", "session:7", "visit:STATION/ms" (a try without a session),
"work-order:WO-3", "command:9", "call:…", "driver:P-…", "pool:…", "peak:SITE", "blind:3", "purchase:…", "credit:…".
"""
