-- The fixed statements, by name: `-- name: some_name`, then the SQL.

-- Case, sources, journal

-- name: meta_value
SELECT value FROM meta WHERE name = ?1

-- name: source_by_id
SELECT id, name, size, sha256, format, importer, options, zone, imported, state, taken, skipped,
	duplicate, path, EXISTS(SELECT 1 FROM source_content c WHERE c.source = s.id)
FROM source s WHERE id = ?1

-- name: source_after
SELECT id, name, size, sha256, format, importer, options, zone, imported, state, taken, skipped,
	duplicate, path, EXISTS(SELECT 1 FROM source_content c WHERE c.source = s.id)
FROM source s WHERE id > ?1 ORDER BY id LIMIT 1

-- name: source_ready_by_sha256
SELECT id FROM source WHERE sha256 = ?1 AND state = 'ready' ORDER BY id LIMIT 1

-- Bytes ?2 to ?3 of a source, where they are kept.
-- name: source_kept_bytes
SELECT s.name, s.size, s.sha256, s.path, length(c.content), substr(c.content, ?2 + 1, ?3 - ?2)
FROM source s LEFT JOIN source_content c ON c.source = s.id WHERE s.id = ?1

-- name: source_problem_after
SELECT number, line, start, skipped, message FROM problem
WHERE source = ?1 AND number > ?2 ORDER BY number LIMIT 1

-- name: journal_last
SELECT number, sha256 FROM journal ORDER BY number DESC LIMIT 1

-- name: journal_after
SELECT number, reviewer, clock, action, kind, record, field, before, after, reason, sha256
FROM journal WHERE number > ?1 ORDER BY number

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
