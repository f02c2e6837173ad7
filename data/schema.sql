-- The case file, schema 3. Written once into a new case, never altered; a case whose schema is not
-- letter for letter one that is known is refused. Migration is a copy into a new file.
--
-- Times are UTC microseconds; a time field f is four columns: f (the words as written), f_from,
-- f_to (exclusive) and f_form (precision and flags, base/moment.h). Undated sorts last: f_from is
-- then 2^63-1 and never NULL. basis: 0 observed, 1 reported, 2 inferred, 3 placeholder. How many
-- things a record stands for: stands_min to stands_max, no stands_max = no upper bound, no
-- stands_min = not stated. start and "end" are bytes of the source, end exclusive. Ids come from
-- `sequence` and are never used again.

CREATE TABLE meta(
	name TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sequence(
	kind INTEGER PRIMARY KEY,
	next INTEGER NOT NULL
) STRICT;

-- Files that were imported. A source is loading until its import is whole; one found loading at
-- open is swept away; one taken back is withdrawn and its rows are hidden.
CREATE TABLE source(
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	size INTEGER NOT NULL,
	sha256 BLOB NOT NULL CHECK(length(sha256) = 32),
	format TEXT NOT NULL,
	importer TEXT NOT NULL,
	options TEXT NOT NULL,
	zone TEXT,
	imported INTEGER NOT NULL,
	state TEXT NOT NULL CHECK(state IN ('loading', 'ready', 'withdrawn')),
	taken INTEGER NOT NULL DEFAULT 0,
	skipped INTEGER NOT NULL DEFAULT 0,
	duplicate INTEGER NOT NULL DEFAULT 0,
	original_name TEXT,
	original_sha256 BLOB,
	path TEXT
) STRICT;
CREATE INDEX source_sha256 ON source(sha256);

-- The bytes of small sources, as they were.
CREATE TABLE source_content(
	source INTEGER PRIMARY KEY REFERENCES source(id),
	content BLOB NOT NULL
) STRICT;

-- Where a decoded copy's bytes stand in the original: from decoded byte `at`, original byte `original`.
CREATE TABLE source_offset(
	source INTEGER NOT NULL REFERENCES source(id),
	at INTEGER NOT NULL,
	original INTEGER NOT NULL,
	PRIMARY KEY(source, at)
) STRICT, WITHOUT ROWID;

-- What was skipped or kept with a remark, and why.
CREATE TABLE problem(
	source INTEGER NOT NULL REFERENCES source(id),
	number INTEGER NOT NULL,
	line INTEGER,
	start INTEGER,
	"end" INTEGER,
	skipped INTEGER NOT NULL,
	message TEXT NOT NULL,
	PRIMARY KEY(source, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE incident(
	id INTEGER PRIMARY KEY,
	source INTEGER NOT NULL REFERENCES source(id),
	start INTEGER NOT NULL,
	"end" INTEGER NOT NULL,
	basis INTEGER NOT NULL CHECK(basis BETWEEN 0 AND 3),
	by TEXT,
	stands_min INTEGER,
	stands_max INTEGER,
	name TEXT NOT NULL,
	"when" TEXT, when_from INTEGER NOT NULL, when_to INTEGER NOT NULL, when_form INTEGER NOT NULL,
	summary TEXT,
	as_known TEXT, as_known_from INTEGER NOT NULL, as_known_to INTEGER NOT NULL, as_known_form INTEGER NOT NULL,
	cited_in INTEGER REFERENCES document(id),
	locator TEXT
) STRICT;
CREATE INDEX incident_order ON incident(name, id);
CREATE INDEX incident_cited ON incident(cited_in, id) WHERE cited_in IS NOT NULL;

CREATE TABLE actor(
	id INTEGER PRIMARY KEY,
	source INTEGER NOT NULL REFERENCES source(id),
	start INTEGER NOT NULL,
	"end" INTEGER NOT NULL,
	basis INTEGER NOT NULL CHECK(basis BETWEEN 0 AND 3),
	by TEXT,
	stands_min INTEGER,
	stands_max INTEGER,
	name TEXT NOT NULL,
	name_key TEXT NOT NULL UNIQUE,
	aliases TEXT,
	type TEXT,
	cited_in INTEGER REFERENCES document(id),
	locator TEXT
) STRICT;
CREATE INDEX actor_order ON actor(name, id);
CREATE INDEX actor_cited ON actor(cited_in, id) WHERE cited_in IS NOT NULL;

CREATE TABLE technique(
	id INTEGER PRIMARY KEY,
	source INTEGER NOT NULL REFERENCES source(id),
	start INTEGER NOT NULL,
	"end" INTEGER NOT NULL,
	basis INTEGER NOT NULL CHECK(basis BETWEEN 0 AND 3),
	by TEXT,
	stands_min INTEGER,
	stands_max INTEGER,
	attack_id TEXT,
	name TEXT NOT NULL,
	name_key TEXT NOT NULL UNIQUE,
	tactic TEXT,
	cited_in INTEGER REFERENCES document(id),
	locator TEXT
) STRICT;
CREATE INDEX technique_order ON technique(name, id);
CREATE INDEX technique_cited ON technique(cited_in, id) WHERE cited_in IS NOT NULL;

CREATE TABLE site(
	id INTEGER PRIMARY KEY,
	source INTEGER NOT NULL REFERENCES source(id),
	start INTEGER NOT NULL,
	"end" INTEGER NOT NULL,
	basis INTEGER NOT NULL CHECK(basis BETWEEN 0 AND 3),
	by TEXT,
	stands_min INTEGER,
	stands_max INTEGER,
	name TEXT NOT NULL,
	name_key TEXT NOT NULL UNIQUE,
	city TEXT,
	country TEXT,
	role TEXT,
	cited_in INTEGER REFERENCES document(id),
	locator TEXT
) STRICT;
CREATE INDEX site_order ON site(name, id);
CREATE INDEX site_cited ON site(cited_in, id) WHERE cited_in IS NOT NULL;

CREATE TABLE host(
	id INTEGER PRIMARY KEY,
	source INTEGER NOT NULL REFERENCES source(id),
	start INTEGER NOT NULL,
	"end" INTEGER NOT NULL,
	basis INTEGER NOT NULL CHECK(basis BETWEEN 0 AND 3),
	by TEXT,
	stands_min INTEGER,
	stands_max INTEGER,
	name TEXT NOT NULL,
	name_key TEXT NOT NULL UNIQUE,
	type TEXT,
	site INTEGER REFERENCES site(id),
	status TEXT,
	role TEXT,
	address TEXT,
	first_seen TEXT, first_seen_from INTEGER NOT NULL, first_seen_to INTEGER NOT NULL, first_seen_form INTEGER NOT NULL,
	last_seen TEXT, last_seen_from INTEGER NOT NULL, last_seen_to INTEGER NOT NULL, last_seen_form INTEGER NOT NULL,
	cited_in INTEGER REFERENCES document(id),
	locator TEXT
) STRICT;
CREATE INDEX host_order ON host(name, id);
CREATE INDEX host_site ON host(site, id) WHERE site IS NOT NULL;
CREATE INDEX host_cited ON host(cited_in, id) WHERE cited_in IS NOT NULL;

CREATE TABLE account(
	id INTEGER PRIMARY KEY,
	source INTEGER NOT NULL REFERENCES source(id),
	start INTEGER NOT NULL,
	"end" INTEGER NOT NULL,
	basis INTEGER NOT NULL CHECK(basis BETWEEN 0 AND 3),
	by TEXT,
	stands_min INTEGER,
	stands_max INTEGER,
	name TEXT NOT NULL,
	name_key TEXT NOT NULL UNIQUE,
	owner_role TEXT,
	compromised TEXT,
	cited_in INTEGER REFERENCES document(id),
	locator TEXT
) STRICT;
CREATE INDEX account_order ON account(name, id);
CREATE INDEX account_cited ON account(cited_in, id) WHERE cited_in IS NOT NULL;

CREATE TABLE party(
	id INTEGER PRIMARY KEY,
	source INTEGER NOT NULL REFERENCES source(id),
	start INTEGER NOT NULL,
	"end" INTEGER NOT NULL,
	basis INTEGER NOT NULL CHECK(basis BETWEEN 0 AND 3),
	by TEXT,
	stands_min INTEGER,
	stands_max INTEGER,
	name TEXT NOT NULL,
	name_key TEXT NOT NULL UNIQUE,
	sector TEXT,
	exposure TEXT,
	type TEXT,
	role TEXT,
	country TEXT,
	cited_in INTEGER REFERENCES document(id),
	locator TEXT
) STRICT;
CREATE INDEX party_order ON party(name, id);
CREATE INDEX party_cited ON party(cited_in, id) WHERE cited_in IS NOT NULL;

CREATE TABLE data(
	id INTEGER PRIMARY KEY,
	source INTEGER NOT NULL REFERENCES source(id),
	start INTEGER NOT NULL,
	"end" INTEGER NOT NULL,
	basis INTEGER NOT NULL CHECK(basis BETWEEN 0 AND 3),
	by TEXT,
	stands_min INTEGER,
	stands_max INTEGER,
	name TEXT NOT NULL,
	subject TEXT,
	sensitivity TEXT,
	exposure TEXT,
	cited_in INTEGER REFERENCES document(id),
	locator TEXT
) STRICT;
CREATE INDEX data_order ON data(name, id);
CREATE INDEX data_cited ON data(cited_in, id) WHERE cited_in IS NOT NULL;

CREATE TABLE document(
	id INTEGER PRIMARY KEY,
	source INTEGER NOT NULL REFERENCES source(id),
	start INTEGER NOT NULL,
	"end" INTEGER NOT NULL,
	basis INTEGER NOT NULL CHECK(basis BETWEEN 0 AND 3),
	by TEXT,
	stands_min INTEGER,
	stands_max INTEGER,
	title TEXT NOT NULL,
	publisher TEXT,
	published TEXT, published_from INTEGER NOT NULL, published_to INTEGER NOT NULL, published_form INTEGER NOT NULL,
	language TEXT,
	held TEXT,
	body TEXT
) STRICT;
CREATE INDEX document_order ON document(title, id);

CREATE TABLE statement(
	id INTEGER PRIMARY KEY,
	source INTEGER NOT NULL REFERENCES source(id),
	start INTEGER NOT NULL,
	"end" INTEGER NOT NULL,
	basis INTEGER NOT NULL CHECK(basis BETWEEN 0 AND 3),
	by TEXT,
	stands_min INTEGER,
	stands_max INTEGER,
	speaker TEXT,
	via TEXT,
	said_on TEXT, said_on_from INTEGER NOT NULL, said_on_to INTEGER NOT NULL, said_on_form INTEGER NOT NULL,
	gist TEXT,
	quote TEXT,
	channel TEXT,
	document INTEGER REFERENCES document(id),
	locator TEXT,
	verb TEXT,
	form TEXT,
	direction TEXT,
	hedges TEXT,
	review TEXT
) STRICT;
CREATE INDEX statement_order ON statement(said_on_from, id);
CREATE INDEX statement_document ON statement(document, id) WHERE document IS NOT NULL;

CREATE TABLE claim(
	id INTEGER PRIMARY KEY,
	source INTEGER NOT NULL REFERENCES source(id),
	start INTEGER NOT NULL,
	"end" INTEGER NOT NULL,
	basis INTEGER NOT NULL CHECK(basis BETWEEN 0 AND 3),
	by TEXT,
	stands_min INTEGER,
	stands_max INTEGER,
	text TEXT NOT NULL,
	act TEXT,
	object TEXT,
	qualifier TEXT,
	scope TEXT,
	period TEXT,
	quantity TEXT,
	quantity_min INTEGER,
	quantity_max INTEGER,
	unit TEXT,
	counts TEXT,
	cited_in INTEGER REFERENCES document(id),
	locator TEXT
) STRICT;
CREATE INDEX claim_order ON claim(text, id);
CREATE INDEX claim_cited ON claim(cited_in, id) WHERE cited_in IS NOT NULL;

-- A large kind: its text stands in a block, which holds contiguous ids of one source.
CREATE TABLE event(
	id INTEGER PRIMARY KEY,
	source INTEGER NOT NULL,
	start INTEGER NOT NULL,
	"end" INTEGER NOT NULL,
	basis INTEGER NOT NULL CHECK(basis BETWEEN 0 AND 3),
	by TEXT,
	stands_min INTEGER,
	stands_max INTEGER,
	time_from INTEGER NOT NULL, time_to INTEGER NOT NULL, time_form INTEGER NOT NULL,
	found_from INTEGER, found_to INTEGER, found_form INTEGER,
	host INTEGER,
	account INTEGER,
	cited_in INTEGER
) STRICT;

-- The order in which events are listed. It is a table, not an index, since it is filled by sorted
-- runs when an import ends: an index would be written all over at each of its commits.
CREATE TABLE event_order(
	time_from INTEGER NOT NULL,
	id INTEGER NOT NULL,
	PRIMARY KEY(time_from, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE indicator(
	id INTEGER PRIMARY KEY,
	source INTEGER NOT NULL REFERENCES source(id),
	start INTEGER NOT NULL,
	"end" INTEGER NOT NULL,
	basis INTEGER NOT NULL CHECK(basis BETWEEN 0 AND 3),
	by TEXT,
	stands_min INTEGER,
	stands_max INTEGER,
	value TEXT NOT NULL,
	name_key TEXT NOT NULL UNIQUE,
	type TEXT,
	cited_in INTEGER REFERENCES document(id),
	locator TEXT
) STRICT;
CREATE INDEX indicator_order ON indicator(value, id);
CREATE INDEX indicator_cited ON indicator(cited_in, id) WHERE cited_in IS NOT NULL;

-- Where a record is spoken of, and the name it has there (an id of STIX, MISP or VERIS, or a key
-- column). Every source that speaks of a named record has a row here.
CREATE TABLE mention(
	kind INTEGER NOT NULL,
	record INTEGER NOT NULL,
	source INTEGER NOT NULL REFERENCES source(id),
	start INTEGER NOT NULL,
	"end" INTEGER NOT NULL,
	key TEXT,
	PRIMARY KEY(kind, record, source, start)
) STRICT, WITHOUT ROWID;
CREATE INDEX mention_key ON mention(key, kind, record) WHERE key IS NOT NULL;
CREATE INDEX mention_source ON mention(source, kind, record);

-- Input fields that have no place of their own, and what a second source says of a field that a
-- first one filled.
CREATE TABLE extra(
	kind INTEGER NOT NULL,
	record INTEGER NOT NULL,
	number INTEGER NOT NULL,
	source INTEGER NOT NULL REFERENCES source(id),
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY(kind, record, number)
) STRICT, WITHOUT ROWID;

-- Typed edges between any two records. From a source, or from a decision in the journal.
CREATE TABLE link(
	id INTEGER PRIMARY KEY,
	from_kind INTEGER NOT NULL,
	from_record INTEGER NOT NULL,
	type TEXT NOT NULL,
	to_kind INTEGER NOT NULL,
	to_record INTEGER NOT NULL,
	basis INTEGER NOT NULL CHECK(basis BETWEEN 0 AND 3),
	detail TEXT,
	source INTEGER REFERENCES source(id),
	start INTEGER,
	"end" INTEGER,
	journal INTEGER REFERENCES journal(number)
) STRICT;
CREATE INDEX link_from ON link(from_kind, from_record, id);
CREATE INDEX link_to ON link(to_kind, to_record, id);

-- What large kinds say of pairs of records, summed by source: never scan events to link. A row is a
-- stretch of the records of one kind that are seen with a, from b_first on in the order of their
-- ids: see tui/casefile/edge.h. Every pair stands at both of its records: way is 0 where a's kind, or
-- its id, comes first, else 1. b_first 0 sums the records of kind b themselves. An import writes what it
-- knows whenever that is much, so that a pair may stand in several stretches of a source.
CREATE TABLE edge(
	id INTEGER PRIMARY KEY,
	source INTEGER NOT NULL REFERENCES source(id),
	a_kind INTEGER NOT NULL,
	a_record INTEGER NOT NULL,
	way INTEGER NOT NULL,
	b_kind INTEGER NOT NULL,
	b_first INTEGER NOT NULL,
	pairs BLOB NOT NULL
) STRICT;
CREATE INDEX edge_a ON edge(a_kind, a_record, way, b_kind, b_first);

-- Everything a person decided, append-only and chained: see casefile/journal.h.
CREATE TABLE journal(
	number INTEGER PRIMARY KEY,
	reviewer TEXT NOT NULL,
	clock INTEGER NOT NULL,
	action TEXT NOT NULL,
	kind INTEGER NOT NULL,
	record INTEGER NOT NULL,
	field TEXT NOT NULL,
	before TEXT,
	after TEXT,
	reason TEXT,
	sha256 BLOB NOT NULL CHECK(length(sha256) = 32)
) STRICT;
CREATE INDEX journal_record ON journal(kind, record);

-- The latest word of the journal on a field, laid over the imported rows. A NULL value is a field
-- set back to not stated.
CREATE TABLE overlay(
	kind INTEGER NOT NULL,
	record INTEGER NOT NULL,
	field TEXT NOT NULL,
	value TEXT,
	journal INTEGER NOT NULL REFERENCES journal(number),
	PRIMARY KEY(kind, record, field)
) STRICT, WITHOUT ROWID;

-- Cells of large kinds: see casefile/block.h.
CREATE TABLE field_name(
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE block(
	id INTEGER PRIMARY KEY,
	kind INTEGER NOT NULL,
	source INTEGER NOT NULL REFERENCES source(id),
	first INTEGER NOT NULL,
	records INTEGER NOT NULL,
	text BLOB NOT NULL,
	cells BLOB NOT NULL
) STRICT;
CREATE INDEX block_first ON block(kind, first);
CREATE INDEX block_source ON block(source, kind, first, records);

-- The index of search, see search/postings.h: a segment is about a run of blocks of one source, and
-- says which of them hold a term. One without `blocks` is not whole and counts for nothing.
CREATE TABLE segment(
	id INTEGER PRIMARY KEY,
	source INTEGER NOT NULL REFERENCES source(id),
	blocks BLOB
) STRICT;
CREATE INDEX segment_source ON segment(source);

CREATE TABLE posting(
	segment INTEGER NOT NULL,
	term INTEGER NOT NULL,
	blocks BLOB NOT NULL,
	PRIMARY KEY(segment, term)
) STRICT, WITHOUT ROWID;
