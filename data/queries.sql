-- The fixed statements, by name: `-- name: some_name`, then the SQL.

-- Case, sources, journal

-- name: meta_value
SELECT value FROM meta WHERE name = ?1

-- name: meta_set
INSERT INTO meta(name, value) VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET value = excluded.value

-- name: meta_forget
DELETE FROM meta WHERE name = ?1

-- name: source_by_id
SELECT id, name, size, sha256, format, importer, options, zone, imported, state, taken, skipped,
	duplicate, path, EXISTS(SELECT 1 FROM source_content c WHERE c.source = s.id), original_name,
	original_sha256
FROM source s WHERE id = ?1

-- name: source_after
SELECT id, name, size, sha256, format, importer, options, zone, imported, state, taken, skipped,
	duplicate, path, EXISTS(SELECT 1 FROM source_content c WHERE c.source = s.id), original_name,
	original_sha256
FROM source s WHERE id > ?1 ORDER BY id LIMIT 1

-- name: source_ready_by_sha256
SELECT id FROM source WHERE sha256 = ?1 AND state = 'ready' ORDER BY id LIMIT 1

-- name: source_ready
SELECT id FROM source WHERE state = 'ready' ORDER BY id

-- Where the bytes of a source are: in the case, when the last column is stated, or at its path.
-- name: source_place
SELECT s.name, s.size, s.sha256, s.path, c.source
FROM source s LEFT JOIN source_content c ON c.source = s.id WHERE s.id = ?1

-- name: source_problem_after
SELECT number, line, start, skipped, message FROM problem
WHERE source = ?1 AND number > ?2 ORDER BY number LIMIT 1

-- name: journal_last
SELECT number, sha256 FROM journal ORDER BY number DESC LIMIT 1

-- name: journal_after
SELECT number, reviewer, clock, action, kind, record, field, before, after, reason, sha256
FROM journal WHERE number > ?1 ORDER BY number

-- name: journal_entry
SELECT reviewer, reason FROM journal WHERE number = ?1

-- name: journal_append
INSERT INTO journal(number, reviewer, clock, action, kind, record, field, before, after, reason,
	sha256)
VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)

-- name: overlay_set
INSERT INTO overlay(kind, record, field, value, journal) VALUES(?1, ?2, ?3, ?4, ?5)
ON CONFLICT(kind, record, field) DO UPDATE SET value = excluded.value, journal = excluded.journal

-- name: overlay_of
SELECT journal, value FROM overlay WHERE kind = ?1 AND record = ?2 AND field = ?3

-- Overlay rows without the entry that they say made them.
-- name: overlay_without_entry
SELECT o.journal FROM overlay o WHERE NOT EXISTS(SELECT 1 FROM journal j
	WHERE j.number = o.journal AND j.action = 'set' AND j.kind = o.kind
	AND j.record = o.record AND j.field = o.field AND j.after IS o.value)
LIMIT 1

-- name: link_decide
INSERT INTO link(from_kind, from_record, type, to_kind, to_record, basis, detail, journal)
VALUES(?1, ?2, ?3, ?4, ?5, 2, ?6, ?7)

-- name: link_of_entry
SELECT from_kind, from_record, type, to_kind, to_record, detail FROM link
WHERE from_kind = ?1 AND from_record = ?2 AND journal = ?3

-- Decided links without the entry that they say made them.
-- name: link_without_entry
SELECT l.journal FROM link l WHERE l.journal IS NOT NULL AND NOT EXISTS(SELECT 1 FROM journal j
	WHERE j.number = l.journal AND j.action = 'link' AND j.kind = l.from_kind
	AND j.record = l.from_record AND j.field = l.type)
LIMIT 1

-- name: verify_mention_ranges
SELECT m.kind, m.record, m.source FROM mention m
LEFT JOIN source s ON s.id = m.source
WHERE s.id IS NULL OR (s.state <> 'loading' AND (m.start < 0 OR m."end" < m.start
	OR m."end" > s.size))
LIMIT 20

-- name: verify_link_ranges
SELECT 'link', l.id, l.source FROM link l LEFT JOIN source s ON s.id = l.source
WHERE l.source IS NOT NULL AND (s.id IS NULL OR (s.state <> 'loading' AND (l.start < 0
	OR l."end" < l.start OR l."end" > s.size)))
LIMIT 20

-- Statements that were cut from a held text: from the source that the document is from.
-- name: verify_quotes
SELECT t.id, t.source, t.start, t."end", t.quote FROM statement t
CROSS JOIN document d ON d.id = t.document
WHERE t.quote IS NOT NULL AND d.source = t.source AND d.held IN ('original', 'copy')
ORDER BY t.id

-- Records, links, writer

-- name: overlay_empty
SELECT NOT EXISTS(SELECT 1 FROM overlay)

-- What stands beside a record, and beside those behind it: a reader goes on with them.
-- name: overlay_from
SELECT record, field, value FROM overlay WHERE kind = ?1 AND record >= ?2 ORDER BY record

-- The last column: whether it is a cell. Numbers below zero are none, see extra_shared_insert.
-- name: extra_from
SELECT e.record, e.name, e.value,
	e.number > 0 AND (SELECT s.state FROM source s WHERE s.id = e.source) = 'ready'
FROM extra e WHERE e.kind = ?1 AND e.record >= ?2 ORDER BY e.record, e.number

-- Fields that another source than the row's own says just as it does: see extra_shared_insert.
--
-- name: extra_shared
SELECT e.name FROM extra e JOIN source s ON s.id = e.source
WHERE e.kind = ?1 AND e.record = ?2 AND e.number < 0 AND s.state = 'ready'

-- name: extra_shared_any
SELECT 1 FROM extra WHERE kind = ?1 AND record = ?2 AND number < 0 LIMIT 1

-- name: mention_first
SELECT m.source, m.start, m."end" FROM mention m JOIN source s ON s.id = m.source
WHERE m.kind = ?1 AND m.record = ?2 AND s.state = 'ready' ORDER BY m.source, m.start LIMIT 1

-- name: mention_list
SELECT m.source, m.start, m."end" FROM mention m CROSS JOIN source s ON s.id = m.source
WHERE m.kind = ?1 AND m.record = ?2 AND s.state = 'ready' ORDER BY m.source, m.start

-- name: mention_of_source
SELECT DISTINCT record FROM mention WHERE source = ?1 AND kind = ?2

-- name: mention_by_key
-- Of two records with one id the later: the earlier stood for what was not described yet.
SELECT m.kind, max(m.record) FROM mention m JOIN source s ON s.id = m.source
WHERE m.key = ?1 AND s.state = 'ready' GROUP BY m.kind ORDER BY m.kind LIMIT 1

-- name: field_name_list
SELECT id, name FROM field_name

-- name: block_at
SELECT id, first, records, text, cells FROM block
WHERE kind = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1

-- The CROSS JOIN keeps the order: few sources, then their blocks by an index that holds all of it.
-- name: block_hidden
SELECT b.first, b.records FROM source s CROSS JOIN block b ON b.source = s.id
WHERE s.state <> 'ready' AND b.kind = ?1

-- How many records of a large kind there are, seen or not: blocks by an index that holds all of it.
-- name: block_records
SELECT coalesce(sum(b.records), 0) FROM source s CROSS JOIN block b ON b.source = s.id
WHERE b.kind = ?1

-- name: block_of_format
SELECT b.first, b.records FROM source s CROSS JOIN block b ON b.source = s.id
WHERE s.format = ?2 AND s.state <> 'loading' AND b.kind = ?1

-- name: block_of_source
SELECT first, records FROM block WHERE source = ?2 AND kind = ?1

-- Of a run of records of a hidden source, those that others mention.
-- name: mention_kept
SELECT m.record FROM mention m CROSS JOIN source s ON s.id = m.source
WHERE m.kind = ?1 AND m.record BETWEEN ?2 AND ?3 AND s.state = 'ready' ORDER BY m.record

-- name: journal_records
SELECT DISTINCT record FROM journal WHERE kind = ?1 AND record > 0 ORDER BY record

-- name: transaction_begin
BEGIN IMMEDIATE

-- name: transaction_commit
COMMIT

-- name: transaction_rollback
ROLLBACK

-- name: sequence_list
SELECT kind, next FROM sequence

-- name: sequence_store
INSERT INTO sequence(kind, next) VALUES(?1, ?2) ON CONFLICT(kind) DO UPDATE SET next = ?2

-- name: source_insert
INSERT INTO source(id, name, size, sha256, format, importer, options, zone, imported, state)
VALUES(?1, ?2, 0, zeroblob(32), ?3, ?4, ?5, ?6, ?7, 'loading')

-- name: source_finish
UPDATE source SET state = 'ready', size = ?2, sha256 = ?3, taken = ?4, skipped = ?5, duplicate = ?6,
	original_name = ?7, original_sha256 = ?8, path = ?9
WHERE id = ?1

-- name: source_keep
INSERT INTO source_content(source, content) VALUES(?1, ?2)

-- name: problem_insert
INSERT INTO problem(source, number, line, start, "end", skipped, message)
VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)

-- name: mention_insert
INSERT INTO mention(kind, record, source, start, "end", key) VALUES(?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT(kind, record, source, start)
DO UPDATE SET key = coalesce(key, excluded.key), "end" = max("end", excluded."end")

-- name: mention_again
INSERT INTO mention(kind, record, source, start, "end") SELECT c0, c1, ?2, c2, c3 FROM bulk(?1)

-- What an event of another source mentions that this one tells of again, as `kind:id` with a blank
-- between: the edge summary has it when this source is the one that holds the event. Fields of events
-- stand in blocks, so that the numbers of extra fields are free for sources here.
--
-- name: mention_again_speaks
INSERT OR IGNORE INTO extra(kind, record, number, source, name, value)
SELECT c0, c1, ?2, ?2, 'speaks of', c4 FROM bulk(?1) WHERE c4 IS NOT NULL

-- name: extra_last
SELECT max(coalesce(max(number), 0), 0) FROM extra WHERE kind = ?1 AND record = ?2

-- Among the last that were written, which are those of the source that is loading: what others said,
-- taken back or not, makes no difference.
--
-- name: extra_same
SELECT 1 FROM (SELECT source, name, value FROM extra WHERE kind = ?1 AND record = ?2
	AND number > 0 ORDER BY number DESC LIMIT 64)
WHERE source = ?3 AND name = ?4 AND value = ?5 LIMIT 1

-- name: extra_insert
INSERT INTO extra(kind, record, number, source, name, value) VALUES(?1, ?2, ?3, ?4, ?5, ?6)

-- A field that this source says as the row does, which is another source's: numbered below zero, it
-- counts once that one is taken back. The lowest numbers are those of the source that is loading.
--
-- name: extra_shared_insert
INSERT INTO extra(kind, record, number, source, name, value)
SELECT ?1, ?2, (SELECT min(coalesce(min(number), 0), 0) - 1 FROM extra
	WHERE kind = ?1 AND record = ?2), ?3, ?4, ?5
WHERE NOT EXISTS(SELECT 1 FROM (SELECT source, name FROM extra
	WHERE kind = ?1 AND record = ?2 AND number < 0 ORDER BY number LIMIT 32)
	WHERE source = ?3 AND name = ?4)

-- name: link_insert
INSERT INTO link(from_kind, from_record, type, to_kind, to_record, basis, detail, source, start,
	"end")
VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)

-- name: field_name_find
SELECT id FROM field_name WHERE name = ?1

-- name: field_name_insert
INSERT INTO field_name(id, name) VALUES(?1, ?2)

-- name: block_insert
INSERT INTO block(id, kind, source, first, records, text, cells) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)

-- name: edge_insert
INSERT INTO edge(source, a_kind, a_record, way, b_kind, b_first, pairs)
VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)

-- Events of a stretch of time: time, id, basis, and whether each stands for one thing that nobody
-- has inferred.
-- name: event_order_between
SELECT o.time_from, o.id, r.basis, r.by IS NULL AND r.stands_min IS 1 AND r.stands_max IS 1
FROM event_order o CROSS JOIN event r ON r.id = o.id
WHERE o.time_from >= ?1 AND o.time_from < ?2 ORDER BY o.time_from, o.id

-- name: source_loading
SELECT id, name FROM source WHERE state = 'loading' ORDER BY id LIMIT 1

-- name: sweep_extra
DELETE FROM extra WHERE (kind, record, number) IN
(SELECT kind, record, number FROM extra WHERE source = ?1 LIMIT 5000)

-- name: sweep_mention
DELETE FROM mention WHERE (kind, record, source, start) IN
(SELECT kind, record, source, start FROM mention WHERE source = ?1 LIMIT 5000)

-- name: sweep_link
DELETE FROM link WHERE id IN (SELECT id FROM link WHERE source = ?1 ORDER BY id DESC LIMIT 5000)

-- name: sweep_edge
DELETE FROM edge WHERE id IN (SELECT id FROM edge WHERE source = ?1 ORDER BY id DESC LIMIT 5000)

-- name: sweep_posting
DELETE FROM posting WHERE (segment, term) IN (SELECT p.segment, p.term
FROM segment s CROSS JOIN posting p ON p.segment = s.id WHERE s.source = ?1 LIMIT 5000)

-- name: sweep_segment
DELETE FROM segment WHERE source = ?1

-- name: sweep_problem
DELETE FROM problem WHERE source = ?1

-- name: sweep_content
DELETE FROM source_content WHERE source = ?1

-- name: sweep_offset
DELETE FROM source_offset WHERE source = ?1

-- name: sweep_source
DELETE FROM source WHERE id = ?1 AND state = 'loading'

-- name: overlay_of_field
SELECT record FROM overlay WHERE kind = ?1 AND field = ?2

-- name: links_from
SELECT l.to_kind, l.to_record, l.type, l.basis, l.detail, l.source, l.journal
FROM link l LEFT JOIN source s ON s.id = l.source
WHERE l.from_kind = ?1 AND l.from_record = ?2 AND (l.source IS NULL OR s.state = 'ready')
ORDER BY l.id

-- name: links_to
SELECT l.from_kind, l.from_record, l.type, l.basis, l.detail, l.source, l.journal
FROM link l LEFT JOIN source s ON s.id = l.source
WHERE l.to_kind = ?1 AND l.to_record = ?2 AND (l.source IS NULL OR s.state = 'ready')
ORDER BY l.id

-- What people decided is little: it is walked through.
-- name: overlay_referring
SELECT kind, record, field, journal FROM overlay WHERE value = ?1 ORDER BY kind, record, field

-- name: edges_of
SELECT e.way, e.b_kind, e.b_first, e.source, e.pairs
FROM edge e CROSS JOIN source s ON s.id = e.source
WHERE e.a_kind = ?1 AND e.a_record = ?2 AND s.state = 'ready'
ORDER BY e.way, e.b_kind, e.b_first, e.id

-- name: source_withdraw
UPDATE source SET state = 'withdrawn' WHERE id = ?1

-- A technique that was called by its ATT&CK id gets the name that a source has for it.
-- name: technique_name
UPDATE technique SET name = ?2, name_key = ?3 WHERE id = ?1

-- One that no source which is left has a name for is called by its id again: see techniques.h.
-- name: technique_unname
UPDATE OR IGNORE technique SET name = attack_id, name_key = attack_id
WHERE id IN (SELECT m.record FROM mention m WHERE m.source = ?1 AND m.kind = ?2)
	AND attack_id IS NOT NULL AND name_key <> attack_id
	AND EXISTS(SELECT 1 FROM mention m JOIN source s ON s.id = m.source
		WHERE m.kind = ?2 AND m.record = technique.id AND s.state = 'ready')
	AND NOT EXISTS(SELECT 1 FROM mention m JOIN source s ON s.id = m.source
		WHERE m.kind = ?2 AND m.record = technique.id AND s.state = 'ready'
			AND NOT EXISTS(SELECT 1 FROM extra e WHERE e.kind = ?2
				AND e.record = technique.id AND e.number < 0
				AND e.source = m.source AND e.name = 'name'))

-- name: source_move
UPDATE source SET path = ?2 WHERE id = ?1

-- name: event_order_insert
INSERT INTO event_order(time_from, id) SELECT c0, c1 FROM bulk(?1)

-- The events of a source, twenty blocks at a time: their places in the order, they, their blocks.
-- name: sweep_event_order
DELETE FROM event_order WHERE (time_from, id) IN (SELECT r.time_from, r.id
FROM (SELECT first, records FROM block WHERE source = ?1 AND kind = 12 ORDER BY first LIMIT 20) b
CROSS JOIN event r ON r.id BETWEEN b.first AND b.first + b.records - 1)

-- name: sweep_event
DELETE FROM event WHERE id IN (SELECT r.id
FROM (SELECT first, records FROM block WHERE source = ?1 AND kind = 12 ORDER BY first LIMIT 20) b
CROSS JOIN event r ON r.id BETWEEN b.first AND b.first + b.records - 1)

-- name: sweep_event_block
DELETE FROM block WHERE id IN
(SELECT id FROM block WHERE source = ?1 AND kind = 12 ORDER BY first LIMIT 20)

-- Search

-- name: segment_begin
INSERT INTO segment(id, source) VALUES(?1, ?2)

-- name: segment_finish
UPDATE segment SET blocks = ?2 WHERE id = ?1

-- name: posting_insert
INSERT INTO posting(segment, term, blocks) VALUES(?1, ?2, ?3)

-- name: segment_list
SELECT g.id, g.source, g.blocks FROM segment g WHERE g.blocks IS NOT NULL ORDER BY g.id

-- name: segment_count
SELECT count(*) FROM segment g WHERE g.blocks IS NOT NULL

-- name: posting_of
SELECT blocks FROM posting WHERE segment = ?1 AND term = ?2

-- name: posting_all
SELECT term, blocks FROM posting WHERE segment = ?1 ORDER BY term

-- Blocks from one number to another, of sources that are there to be seen or were.
-- name: block_between
SELECT b.id, b.kind, b.first, b.records FROM block b CROSS JOIN source s ON s.id = b.source
WHERE b.id BETWEEN ?1 AND ?2 AND s.state <> 'loading' ORDER BY b.id

-- name: block_content
SELECT kind, source, first, records, text, cells FROM block WHERE id = ?1

-- name: block_of_kind
SELECT id FROM block WHERE kind = ?1 ORDER BY first

-- What a block holds beside its text.
-- name: block_list
SELECT kind, first, records, cells FROM block WHERE id = ?1

-- name: overlay_records
SELECT DISTINCT record FROM overlay WHERE kind = ?1 ORDER BY record
