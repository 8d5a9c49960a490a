BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0005');
CREATE TABLE blind (
	blind INTEGER NOT NULL, 
	started_ms INTEGER NOT NULL, 
	ended_ms INTEGER NOT NULL, 
	cause TEXT NOT NULL, 
	CONSTRAINT pk_blind PRIMARY KEY (blind)
);
INSERT INTO "blind" VALUES(1,1767225600000,1767225700000,'Forecourt was not running');
CREATE TABLE command (
	command INTEGER NOT NULL, 
	station TEXT NOT NULL, 
	action TEXT NOT NULL, 
	asked_by TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	asked_ms INTEGER NOT NULL, 
	payload TEXT NOT NULL, 
	sent_ms INTEGER, 
	answered_ms INTEGER, 
	answer TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	proved_ms INTEGER, operation TEXT DEFAULT '' NOT NULL, wish TEXT DEFAULT '{}' NOT NULL, batch INTEGER, expires_ms INTEGER, message_id TEXT DEFAULT '' NOT NULL, proof TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_command PRIMARY KEY (command)
);
INSERT INTO "command" VALUES(1,'S1','Reset','ada','stuck',1767225600000,'{"type":"Soft"}',NULL,NULL,'','',NULL,'','{}',NULL,NULL,'','');
CREATE TABLE cost_month (
	period TEXT NOT NULL, 
	zone TEXT NOT NULL, 
	mark TEXT NOT NULL, 
	made_ms INTEGER NOT NULL, 
	assumption_set INTEGER NOT NULL, 
	rules INTEGER NOT NULL, 
	facts BLOB NOT NULL, 
	page BLOB NOT NULL, 
	lines BLOB NOT NULL, 
	CONSTRAINT pk_cost_month PRIMARY KEY (period, zone)
);
INSERT INTO "cost_month" VALUES('2026-01','UTC','m',1767225600000,0,1,X'01',X'02',X'03');
CREATE TABLE day_state (
	station TEXT NOT NULL, 
	day_ms INTEGER NOT NULL, 
	evse INTEGER NOT NULL, 
	rule TEXT NOT NULL, 
	end_ms INTEGER NOT NULL, 
	up_ms INTEGER NOT NULL, 
	down_ms INTEGER NOT NULL, 
	unmeasured_ms INTEGER NOT NULL, 
	state_ms TEXT NOT NULL, 
	CONSTRAINT pk_day_state PRIMARY KEY (station, day_ms, evse, rule)
)
 WITHOUT ROWID

;
CREATE TABLE entry (
	kind TEXT NOT NULL, 
	entry TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	at_ms INTEGER NOT NULL, 
	"by" TEXT NOT NULL, 
	why TEXT NOT NULL, 
	body TEXT NOT NULL, 
	gone BOOLEAN NOT NULL, 
	CONSTRAINT pk_entry PRIMARY KEY (kind, entry, version)
);
INSERT INTO "entry" VALUES('exclusion','x1',1,1764000000000,'ann','grid work','{"code":"GRID"}',0);
INSERT INTO "entry" VALUES('exclusion','x1',2,1764000001000,'ann','wrong day','{"code":"GRID"}',1);
CREATE TABLE fault (
	fault INTEGER NOT NULL, 
	rule TEXT NOT NULL, 
	code TEXT NOT NULL, 
	title TEXT NOT NULL, 
	station TEXT NOT NULL, 
	site TEXT NOT NULL, 
	evse INTEGER, 
	connector INTEGER, 
	raw TEXT NOT NULL, 
	parent INTEGER, 
	safety BOOLEAN NOT NULL, 
	latched BOOLEAN NOT NULL, 
	state TEXT NOT NULL, 
	priority TEXT NOT NULL, 
	onset_ms INTEGER NOT NULL, 
	opened_ms INTEGER NOT NULL, 
	acknowledged_ms INTEGER, 
	cleared_ms INTEGER, 
	closed_ms INTEGER, 
	"by" TEXT NOT NULL, 
	assigned TEXT NOT NULL, 
	due_ms INTEGER, 
	until_ms INTEGER, 
	alarms INTEGER NOT NULL, 
	lost_minor INTEGER, 
	currency TEXT NOT NULL, 
	drivers_hit INTEGER NOT NULL, 
	recovery TEXT NOT NULL, 
	recovered_ms INTEGER, 
	detail TEXT NOT NULL, 
	CONSTRAINT pk_fault PRIMARY KEY (fault)
);
INSERT INTO "fault" VALUES(1,'offline','OFFLINE','Station offline','DEPOT-7','Depot',NULL,NULL,'',NULL,0,0,'UNACK','P2',1764000000000,1764000060000,NULL,NULL,NULL,'','',NULL,NULL,1,NULL,'EUR',0,'',NULL,'{}');
CREATE TABLE fault_event (
	fault INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	at_ms INTEGER NOT NULL, 
	actor_kind TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	verb TEXT NOT NULL, 
	from_state TEXT NOT NULL, 
	to_state TEXT NOT NULL, 
	text TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	CONSTRAINT pk_fault_event PRIMARY KEY (fault, seq)
)
 WITHOUT ROWID

;
INSERT INTO "fault_event" VALUES(1,1,1764000060000,'server','offline','raised','NORM','UNACK','','{}');
CREATE TABLE file (
	file INTEGER NOT NULL, 
	station TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	asked_ms INTEGER NOT NULL, 
	expires_ms INTEGER NOT NULL, 
	token_hash TEXT NOT NULL, 
	state TEXT NOT NULL, 
	command INTEGER, 
	name TEXT NOT NULL, 
	path TEXT NOT NULL, 
	bytes INTEGER NOT NULL, 
	sha256 TEXT NOT NULL, 
	peer TEXT NOT NULL, 
	received_ms INTEGER, 
	note TEXT NOT NULL, 
	CONSTRAINT pk_file PRIMARY KEY (file)
);
INSERT INTO "file" VALUES(1,'DEPOT-7','log',1764000000000,1764003600000,'00ff','received',1,'log.gz','DEPOT-7/1-log.gz',2048,'ab','127.0.0.1',1764000030000,'');
CREATE TABLE journal (
	seq INTEGER NOT NULL, 
	at_ms INTEGER NOT NULL, 
	station TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	frame TEXT NOT NULL, 
	answer TEXT NOT NULL, 
	subprotocol TEXT NOT NULL, 
	action TEXT NOT NULL, 
	message_id TEXT NOT NULL, 
	effect BOOLEAN NOT NULL, 
	held BOOLEAN NOT NULL, 
	CONSTRAINT pk_journal PRIMARY KEY (seq)
);
INSERT INTO "journal" VALUES(7,1767225600009,'S1','in','[2,"9","Heartbeat",{}]','','','','9',1,0);
CREATE TABLE layout (
	layout INTEGER NOT NULL, 
	channels TEXT NOT NULL, 
	CONSTRAINT pk_layout PRIMARY KEY (layout), 
	CONSTRAINT uq_layout_channels UNIQUE (channels)
);
INSERT INTO "layout" VALUES(1,'["Sample.Periodic",false,[["Energy.Active.Import.Register","kWh","","Outlet","Sample.Periodic"]]]');
CREATE TABLE link (
	seq INTEGER NOT NULL, 
	station TEXT NOT NULL, 
	at_ms INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_link PRIMARY KEY (seq), 
	CONSTRAINT uq_link_station_at_ms_state UNIQUE (station, at_ms, state)
);
INSERT INTO "link" VALUES(1,'S1',1767225600000,'online','');
CREATE TABLE meta (
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_meta PRIMARY KEY ("key")
);
CREATE TABLE notice (
	seq INTEGER NOT NULL, 
	station TEXT NOT NULL, 
	at_ms INTEGER NOT NULL, 
	received_ms INTEGER NOT NULL, 
	subject TEXT NOT NULL, 
	name TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	evse INTEGER, 
	connector INTEGER, 
	critical BOOLEAN NOT NULL, 
	CONSTRAINT pk_notice PRIMARY KEY (seq)
);
INSERT INTO "notice" VALUES(1,'S1',1767225600000,1767225600000,'security','TamperDetectionActivated','{}',NULL,NULL,1);
INSERT INTO "notice" VALUES(2,'S1',1767225600000,1767225600000,'security','TamperDetectionActivated','{}',NULL,NULL,1);
INSERT INTO "notice" VALUES(3,'S1',1767225600000,1767225600000,'security','TamperDetectionActivated','{}',NULL,NULL,1);
INSERT INTO "notice" VALUES(4,'S1',1767225600000,1767225600000,'security','TamperDetectionActivated','{}',NULL,NULL,1);
INSERT INTO "notice" VALUES(5,'S1',1767225600000,1767225600000,'security','TamperDetectionActivated','{}',NULL,NULL,1);
INSERT INTO "notice" VALUES(6,'S1',1767225600000,1767225600000,'security','TamperDetectionActivated','{}',NULL,NULL,1);
CREATE TABLE outlet (
	outlet INTEGER NOT NULL, 
	station TEXT NOT NULL, 
	evse INTEGER NOT NULL, 
	connector INTEGER NOT NULL, 
	CONSTRAINT pk_outlet PRIMARY KEY (outlet), 
	CONSTRAINT uq_outlet_station_evse_connector UNIQUE (station, evse, connector)
);
INSERT INTO "outlet" VALUES(1,'S1',1,1);
CREATE TABLE reading (
	at_ms INTEGER NOT NULL, 
	outlet INTEGER NOT NULL, 
	session INTEGER NOT NULL, 
	layout INTEGER NOT NULL, 
	received_ms INTEGER NOT NULL, 
	energy_wh INTEGER, 
	power_w INTEGER, 
	soc_percent FLOAT, 
	trusted BOOLEAN NOT NULL, 
	samples BLOB NOT NULL, 
	CONSTRAINT pk_reading PRIMARY KEY (at_ms, outlet, session, layout)
)
 WITHOUT ROWID

;
INSERT INTO "reading" VALUES(1767225600000,1,0,1,1767225600000,12500,NULL,NULL,1,X'91A431322C35');
INSERT INTO "reading" VALUES(1767225600000,1,1,1,1767225600000,12500,11000,50.0,1,X'91A431322C35');
CREATE TABLE reading_pack (
	session INTEGER NOT NULL, 
	first_ms INTEGER NOT NULL, 
	last_ms INTEGER NOT NULL, 
	row_count INTEGER NOT NULL, 
	plain_bytes INTEGER NOT NULL, 
	crc32 INTEGER NOT NULL, 
	packed BLOB NOT NULL, 
	CONSTRAINT pk_reading_pack PRIMARY KEY (session)
);
CREATE TABLE refusal (
	identity TEXT NOT NULL, 
	peer TEXT NOT NULL, 
	cause TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	first_ms INTEGER NOT NULL, 
	last_ms INTEGER NOT NULL, 
	count INTEGER NOT NULL, 
	CONSTRAINT pk_refusal PRIMARY KEY (identity, peer, cause)
);
INSERT INTO "refusal" VALUES('X','10.0.0.1','unknown','',1767225600000,1767225600000,6);
CREATE TABLE run (
	run INTEGER NOT NULL, 
	started_ms INTEGER NOT NULL, 
	alive_ms INTEGER NOT NULL, 
	stopped_ms INTEGER, 
	version TEXT NOT NULL, 
	CONSTRAINT pk_run PRIMARY KEY (run)
);
INSERT INTO "run" VALUES(1,1767225600000,1767225600000,NULL,'0.1.0');
INSERT INTO "run" VALUES(2,1767225700000,1767225700000,NULL,'0.1.0');
CREATE TABLE segment (
	first_seq INTEGER NOT NULL, 
	effect BOOLEAN NOT NULL, 
	last_seq INTEGER NOT NULL, 
	first_ms INTEGER NOT NULL, 
	last_ms INTEGER NOT NULL, 
	row_count INTEGER NOT NULL, 
	stations TEXT NOT NULL, 
	plain_bytes INTEGER NOT NULL, 
	crc32 INTEGER NOT NULL, 
	packed BLOB NOT NULL, 
	CONSTRAINT pk_segment PRIMARY KEY (first_seq, effect)
);
INSERT INTO "segment" VALUES(1,1,6,1767225600000,1767225600004,3,'
S1
',142,1746107786,X'28B52FFD208E7D0200E403939B01CF0000019B76DAA800A25331A2696EB65B322C2230222C22486561727462656174222C7B7D5DA0A0A0A130C3C29B03023232C3C29B05043434C3C20620B033075FCC25D4671921929050');
INSERT INTO "segment" VALUES(1,0,6,1767225600001,1767225600005,3,'
S1
',142,145302861,X'28B52FFD208E7D0200E403939B02CF0000019B76DAA801A25331A2696EB65B322C2231222C22486561727462656174222C7B7D5DA0A0A0A131C2C29B04033333C2C29B06053535C2C20620B033075FCC25D4671921929050');
CREATE TABLE session (
	session INTEGER NOT NULL, 
	station TEXT NOT NULL, 
	evse INTEGER, 
	connector INTEGER, 
	"transaction" TEXT NOT NULL, 
	token TEXT NOT NULL, 
	token_kind TEXT NOT NULL, 
	started_ms INTEGER NOT NULL, 
	ended_ms INTEGER, 
	received_start_ms INTEGER NOT NULL, 
	received_end_ms INTEGER, 
	meter_start_wh INTEGER, 
	meter_stop_wh INTEGER, 
	energy_wh INTEGER, 
	stop_reason TEXT NOT NULL, 
	state TEXT NOT NULL, 
	charging TEXT NOT NULL, 
	flags TEXT NOT NULL, 
	start_key TEXT NOT NULL, 
	base_wh INTEGER, 
	last_wh INTEGER, 
	low_wh INTEGER, 
	settled_wh INTEGER NOT NULL, 
	last_sample_ms INTEGER, 
	power_w INTEGER, 
	peak_power_w INTEGER, 
	soc_percent FLOAT, 
	seq_seen TEXT NOT NULL, 
	alias TEXT NOT NULL, 
	remote_start INTEGER, 
	reservation INTEGER, 
	closed_by TEXT NOT NULL, 
	closed_why TEXT NOT NULL, 
	note TEXT NOT NULL, 
	last_register_ms INTEGER, 
	power_ws INTEGER NOT NULL, 
	last_event_ms INTEGER, 
	stop_key TEXT NOT NULL, 
	CONSTRAINT pk_session PRIMARY KEY (session)
);
INSERT INTO "session" VALUES(1,'S1',1,1,'1001','','',0,NULL,0,NULL,NULL,NULL,NULL,'','open','','offline,signed','',NULL,NULL,NULL,0,NULL,NULL,NULL,50.5,'','',NULL,NULL,'','','',NULL,0,NULL,'');
CREATE TABLE session_part (
	session INTEGER NOT NULL, 
	zone TEXT NOT NULL, 
	edge_ms INTEGER NOT NULL, 
	after_wh INTEGER NOT NULL, 
	CONSTRAINT pk_session_part PRIMARY KEY (session, zone, edge_ms)
)
 WITHOUT ROWID

;
INSERT INTO "session_part" VALUES(1,'Europe/Berlin',1767222000000,1200);
CREATE TABLE station (
	station TEXT NOT NULL, 
	admission TEXT NOT NULL, 
	name TEXT NOT NULL, 
	site TEXT NOT NULL, 
	latitude FLOAT, 
	longitude FLOAT, 
	vendor TEXT NOT NULL, 
	model TEXT NOT NULL, 
	serial TEXT NOT NULL, 
	firmware TEXT NOT NULL, 
	iccid TEXT NOT NULL, 
	imsi TEXT NOT NULL, 
	meter_serial TEXT NOT NULL, 
	meter_type TEXT NOT NULL, 
	protocol TEXT NOT NULL, 
	peer TEXT NOT NULL, 
	first_seen_ms INTEGER NOT NULL, 
	last_seen_ms INTEGER NOT NULL, 
	boot_at_ms INTEGER, 
	boot_reason TEXT NOT NULL, 
	booted BOOLEAN NOT NULL, 
	password_hash TEXT NOT NULL, 
	settings TEXT NOT NULL, 
	"plan" TEXT NOT NULL, 
	quirks TEXT NOT NULL, 
	CONSTRAINT pk_station PRIMARY KEY (station)
);
INSERT INTO "station" VALUES('S1','accepted','','',NULL,NULL,'','','','','','','','','','',0,0,NULL,'',0,'','{}','[[1,1,"CCS",150000,"0.49"]]','[["Q23",2]]');
CREATE TABLE status (
	outlet INTEGER NOT NULL, 
	at_ms INTEGER NOT NULL, 
	received_ms INTEGER NOT NULL, 
	status TEXT NOT NULL, 
	error TEXT NOT NULL, 
	vendor_error TEXT NOT NULL, 
	info TEXT NOT NULL, 
	live BOOLEAN NOT NULL, 
	CONSTRAINT pk_status PRIMARY KEY (outlet, at_ms, received_ms, status)
)
 WITHOUT ROWID

;
INSERT INTO "status" VALUES(1,1767225600000,1767225600000,'Faulted','GroundFailure','','',1);
CREATE TABLE tally (
	days INTEGER NOT NULL, 
	start_ms INTEGER NOT NULL, 
	station TEXT NOT NULL, 
	rule TEXT NOT NULL, 
	end_ms INTEGER NOT NULL, 
	packed BLOB NOT NULL, 
	CONSTRAINT pk_tally PRIMARY KEY (days, start_ms, station, rule)
)
 WITHOUT ROWID;
INSERT INTO "tally" VALUES(1,1767222000000,'S1','tries 1 Europe/Berlin',1767308400000,X'90');
CREATE TABLE variable (
	station TEXT NOT NULL, 
	component TEXT NOT NULL, 
	component_instance TEXT NOT NULL, 
	evse INTEGER NOT NULL, 
	connector INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	instance TEXT NOT NULL, 
	attribute TEXT NOT NULL, 
	value TEXT, 
	readonly BOOLEAN NOT NULL, 
	read_ms INTEGER NOT NULL, 
	changed_ms INTEGER, 
	"before" TEXT, 
	detail TEXT NOT NULL, 
	CONSTRAINT pk_variable PRIMARY KEY (station, component, component_instance, evse, connector, name, instance, attribute)
);
INSERT INTO "variable" VALUES('DEPOT-7','','',0,0,'HeartbeatInterval','','Actual','300',0,1764000000000,NULL,NULL,'{}');
CREATE INDEX ix_command_station_asked_ms ON command (station, asked_ms);
CREATE INDEX ix_journal_station_at_ms ON journal (station, at_ms);
CREATE INDEX ix_link_station_seq ON link (station, seq);
CREATE INDEX ix_notice_critical ON notice (at_ms) WHERE critical IS 1;
CREATE INDEX ix_notice_station_at_ms ON notice (station, at_ms);
CREATE INDEX ix_reading_session ON reading (session) WHERE session > 0;
CREATE INDEX ix_reading_pack_last_ms_first_ms ON reading_pack (last_ms, first_ms);
CREATE INDEX ix_session_ended_ms ON session (ended_ms);
CREATE INDEX ix_session_open ON session (station) WHERE state IN ('open', 'interrupted');
CREATE INDEX ix_session_review ON session (station) WHERE state = 'review';
CREATE INDEX ix_session_start_key ON session (station, start_key) WHERE start_key != '';
CREATE INDEX ix_session_started_ms ON session (started_ms);
CREATE INDEX ix_session_station_started_ms ON session (station, started_ms);
CREATE INDEX ix_session_station_transaction ON session (station, "transaction");
CREATE INDEX ix_session_stop_key ON session (station, stop_key) WHERE stop_key != '';
CREATE INDEX ix_session_flagged ON session (started_ms) WHERE flags != '';
CREATE INDEX ix_command_open ON command (station) WHERE outcome IN ('queued', 'sent', 'accepted');
CREATE INDEX ix_file_station_asked_ms ON file (station, asked_ms);
CREATE INDEX ix_fault_station_opened_ms ON fault (station, opened_ms);
CREATE INDEX ix_fault_opened_ms ON fault (opened_ms);
CREATE INDEX ix_fault_closed_ms ON fault (closed_ms);
CREATE INDEX ix_fault_open ON fault (fault) WHERE closed_ms IS NULL;
COMMIT;
