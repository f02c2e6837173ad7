-- The fixed statements, by name: `-- name: some_name`, then the SQL.

-- Case, sources, journal

-- name: meta_value
SELECT value FROM meta WHERE name = ?1
