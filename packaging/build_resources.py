"""Makes resources/fonts, resources/icons and resources/map from their published packages.

Run by a developer when a source changes; what it makes is committed. Needs the `dev` extra
(fonttools, fontpkg-inter, fontpkg-jetbrains-mono) and two npm packages unpacked by
`npm pack lucide-static@1.62.0` and `npm pack world-atlas@2.0.2`:

    python packaging/build_resources.py fonts
    python packaging/build_resources.py icons LUCIDE_PACKAGE
    python packaging/build_resources.py map WORLD_ATLAS_PACKAGE
"""

import importlib.util
import json
import re
import shutil
import sys
from collections import Counter
from pathlib import Path

import numpy as np

RESOURCES = Path(__file__).resolve().parent.parent / "resources"

UNICODES = [
    *range(0x20, 0x7F), *range(0xA0, 0x250), *range(0x2B0, 0x300), *range(0x300, 0x370),
    *range(0x370, 0x400), *range(0x400, 0x530), *range(0x1E00, 0x2000), *range(0x2000, 0x2070),
    *range(0x2070, 0x20A0), *range(0x20A0, 0x20D0), *range(0x2100, 0x2150), *range(0x2190, 0x2200),
    0x2212, 0x2248, 0x2260, 0x2264, 0x2265, 0x221E, *range(0x2500, 0x2580), 0x25CF, 0x2713, 0xFFFD,
]  # fmt: skip
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum", "case", "calt", "zero", "cv05", "ss03"]

ICONS = [
    "activity",
    "archive",
    "arrow-down",
    "arrow-down-left",
    "arrow-down-wide-narrow",
    "arrow-left",
    "arrow-right",
    "arrow-up",
    "arrow-up-right",
    "ban",
    "battery-charging",
    "bell",
    "bookmark",
    "cable",
    "calendar",
    "chart-column",
    "check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "chevron-up",
    "circle-pause",
    "circle-question-mark",
    "clock",
    "columns-3",
    "contrast",
    "copy",
    "database",
    "download",
    "ellipsis",
    "external-link",
    "eye",
    "file-down",
    "file-text",
    "folder-open",
    "gauge",
    "globe",
    "group",
    "hard-drive-download",
    "history",
    "hourglass",
    "info",
    "key-round",
    "keyboard",
    "layout-dashboard",
    "life-buoy",
    "link",
    "list-filter",
    "loader",
    "lock-open",
    "log-in",
    "log-out",
    "map",
    "map-pin",
    "maximize",
    "maximize-2",
    "menu",
    "minus",
    "monitor",
    "moon",
    "move",
    "network",
    "panel-right",
    "pause",
    "pencil",
    "play",
    "plug",
    "plug-zap",
    "plus",
    "power",
    "qr-code",
    "receipt-text",
    "refresh-cw",
    "replace",
    "rotate-ccw",
    "router",
    "save",
    "scan",
    "search",
    "server",
    "settings",
    "shield-alert",
    "sliders-horizontal",
    "smartphone",
    "star",
    "sun",
    "table",
    "tag",
    "terminal",
    "trash-2",
    "triangle-alert",
    "undo-2",
    "unlink",
    "upload",
    "user",
    "user-check",
    "users",
    "wifi",
    "wifi-off",
    "wrench",
    "x",
    "zap",
]


def build_fonts() -> None:
    """Static cuts, because a variable font does not follow QFont.setWeight."""
    out = RESOURCES / "fonts"
    inter = _package("fontpkg_inter")
    mono = _package("fontpkg_jetbrains_mono")
    for weight, style in ((400, "Regular"), (500, "Medium"), (600, "SemiBold")):
        source = inter / "files/Inter[opsz,wght].ttf"
        _cut(source, out / f"Inter-{style}.ttf", "Inter", style, {"opsz": 14, "wght": weight})
    for weight, style in ((400, "Regular"), (600, "SemiBold")):
        source = mono / "files/JetBrainsMono[wght].ttf"
        _cut(source, out / f"JetBrainsMono-{style}.ttf", "JetBrains Mono", style, {"wght": weight})
    shutil.copyfile(inter / "LICENSE", out / "Inter-OFL.txt")
    shutil.copyfile(mono / "LICENSE", out / "JetBrainsMono-OFL.txt")


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{name} is not installed; install the dev extra first.")
    return Path(spec.origin).parent


def _cut(source: Path, target: Path, family: str, style: str, axes: dict[str, int]) -> None:
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    font = instancer.instantiateVariableFont(TTFont(source), axes, updateFontNames=False)
    options = subset.Options(layout_features=FEATURES, name_IDs=["*"], notdef_outline=True, hinting=False)
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=UNICODES)
    chosen.subset(font)
    _name(font, family, style, axes["wght"])
    font.save(target)
    print(f"{target.name}: {target.stat().st_size // 1000} kB")


def _name(font: object, family: str, style: str, weight: int) -> None:
    names = font["name"]  # type: ignore[index]
    for name_id in (16, 17, 21, 22, 25):
        names.removeNames(nameID=name_id)
    plain = style in ("Regular", "Bold")
    texts = {
        1: family if plain else f"{family} {style}",
        2: style if plain else "Regular",
        4: f"{family} {style}",
        6: f"{family.replace(' ', '')}-{style}",
        16: family,
        17: style,
    }
    for name_id, text in texts.items():
        names.setName(text, name_id, 3, 1, 0x409)
        names.setName(text, name_id, 1, 0, 0)
    font["OS/2"].usWeightClass = weight  # type: ignore[index]


def build_icons(package: Path) -> None:
    """Copy the icons in use, without the comment and class that nothing reads."""
    out = RESOURCES / "icons"
    for old in out.glob("*.svg"):
        old.unlink()
    for name in ICONS:
        text = (package / "icons" / f"{name}.svg").read_text()
        text = re.sub(r"<!--.*?-->\s*", "", text, flags=re.S)
        text = re.sub(r'\s+class="[^"]*"', "", text)
        (out / f"{name}.svg").write_text(re.sub(r"\s*\n\s*", " ", text).replace("> <", "><").strip() + "\n")
    shutil.copyfile(package / "LICENSE", out / "LICENSE")
    print(f"{len(ICONS)} icons")


def build_map(package: Path) -> None:
    """Four levels of detail: rings of land to fill and arcs shared by two countries to stroke.

    Arcs are simplified, not rings, so that neighbours never tear. Coordinates are Web Mercator in
    the unit square, y down, stored as int32 deltas at 2**24.
    """
    for level, (name, zoom) in enumerate((("110m", 3.5), ("50m", 5.5), ("50m", 7.5), ("10m", 11.0))):
        land, borders = _level(package, name, tolerance=0.5 / (256 * 2**zoom))
        target = RESOURCES / "map" / f"level{level}.npz"
        arrays = {}
        for kind, lines in (("land", land), ("border", borders)):
            arrays[f"{kind}_sizes"] = np.array([len(line) for line in lines], dtype=np.int32)
            whole = np.concatenate(lines) if lines else np.zeros((0, 2))
            fixed = np.round(whole * 2**24).astype(np.int64)
            arrays[f"{kind}_points"] = np.diff(fixed, axis=0, prepend=np.zeros((1, 2), np.int64)).astype(
                np.int32
            )
        np.savez_compressed(target, **arrays)
        print(f"{target.name}: {sum(map(len, land))} land points, {target.stat().st_size // 1000} kB")


def _level(package: Path, name: str, tolerance: float) -> tuple[list[np.ndarray], list[np.ndarray]]:
    land_topology = json.loads((package / f"land-{name}.json").read_text())
    arcs = [_simplify(arc, tolerance) for arc in _arcs(land_topology)]
    rings = []
    for geometry in land_topology["objects"]["land"]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for polygon in polygons:
            for ring in polygon:
                rings += _whole_ring([_directed(arcs, index) for index in ring])
    countries = json.loads((package / f"countries-{name}.json").read_text())
    shared: Counter[int] = Counter()
    for geometry in countries["objects"]["countries"]["geometries"]:
        for index in set(_indices(geometry.get("arcs", []))):
            shared[index] += 1
    lines = _arcs(countries)
    borders = [_simplify(lines[index], tolerance) for index, used in sorted(shared.items()) if used > 1]
    return rings, borders


def _whole_ring(arcs: list[np.ndarray]) -> list[np.ndarray]:
    """A ring from its arcs, laid out without a jump at 180 degrees, and its copy one world aside.

    The source stitches rings over the antimeridian, for globes. What leaves the unit square on one
    side is what the copy brings in on the other. A ring around the pole is closed along the edge.
    """
    points = arcs[0]
    for arc in arcs[1:]:
        shift = np.round(points[-1, 0] - arc[0, 0])
        points = np.concatenate([points, arc[1:] + np.array([shift, 0])])
    if len(points) < 4:
        return []
    if round(points[-1, 0] - points[0, 0]):
        edge = 1.0 if points[:, 1].mean() > 0.5 else 0.0
        points = np.concatenate([points, [[points[-1, 0], edge], [points[0, 0], edge]]])
    copies = [points]
    if points[:, 0].min() < 0:
        copies.append(points + np.array([1, 0]))
    if points[:, 0].max() > 1:
        copies.append(points - np.array([1, 0]))
    return copies


def _indices(arcs: list) -> list[int]:
    found: list[int] = []
    for item in arcs:
        if isinstance(item, list):
            found.extend(_indices(item))
        else:
            found.append(item if item >= 0 else ~item)
    return found


def _directed(arcs: list[np.ndarray], index: int) -> np.ndarray:
    return arcs[index] if index >= 0 else arcs[~index][::-1]


def _arcs(topology: dict) -> list[np.ndarray]:
    scale = np.array(topology["transform"]["scale"])
    shift = np.array(topology["transform"]["translate"])
    return [
        _mercator(np.cumsum(np.array(arc, dtype=float), axis=0) * scale + shift) for arc in topology["arcs"]
    ]


def _mercator(degrees: np.ndarray) -> np.ndarray:
    latitude = np.radians(np.clip(degrees[:, 1], -85.0511, 85.0511))
    y = 0.5 - np.log(np.tan(np.pi / 4 + latitude / 2)) / (2 * np.pi)
    return np.column_stack([np.unwrap(degrees[:, 0], period=360) / 360 + 0.5, y])


def _simplify(points: np.ndarray, tolerance: float) -> np.ndarray:
    """Douglas and Peucker, without recursion; a closed arc keeps its farthest point."""
    keep = np.zeros(len(points), dtype=bool)
    keep[[0, -1]] = True
    stack = [(0, len(points) - 1)]
    while stack:
        first, last = stack.pop()
        if last - first < 2:
            continue
        start, chord = points[first], points[last] - points[first]
        middle = points[first + 1 : last] - start
        length = float(np.hypot(*chord))
        if length == 0:
            distance = np.hypot(middle[:, 0], middle[:, 1])
        else:
            along = np.clip(middle @ chord / length**2, 0, 1)
            off = middle - along[:, None] * chord
            distance = np.hypot(off[:, 0], off[:, 1])
        farthest = int(distance.argmax())
        if distance[farthest] > tolerance:
            split = first + 1 + farthest
            keep[split] = True
            stack += [(first, split), (split, last)]
    return points[keep]


def main(argv: list[str]) -> int:
    """Build what is named; see the module's text."""
    match argv:
        case ["fonts"]:
            build_fonts()
        case ["icons", package]:
            build_icons(Path(package))
        case ["map", package]:
            build_map(Path(package))
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
