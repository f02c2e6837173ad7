# Compiles data/queries.sql into an enum and an array:
#   awk -v header=H -v source=C -f queries.awk data/queries.sql
# A statement begins with a line `-- name: some_name` and ends before the next. Comment lines
# between belong to the reader, not to the statement.
BEGIN { count = 0 }
function finish() {
	if (name == "")
		return
	sub(/[ \n;]+$/, "", text)
	names[count] = name
	texts[count] = text
	count++
}
/^-- name: / { finish(); name = $3; text = ""; next }
/^--/ || /^[ \t]*$/ { next }
{ text = text (text == "" ? "" : "\n") $0 }
END {
	finish()
	print "/* Made from data/queries.sql. */\n#ifndef QUERIES_H\n#define QUERIES_H\n\nenum query {" > header
	for (i = 0; i < count; i++)
		print "\tQUERY_" toupper(names[i]) "," > header
	print "\tQUERY_COUNT\n};\n\nextern const char *const query_names[QUERY_COUNT];" > header
	print "extern const char *const query_texts[QUERY_COUNT];\n\n#endif" > header
	print "#include \"queries.h\"\n\nconst char *const query_names[QUERY_COUNT] = {" > source
	for (i = 0; i < count; i++)
		print "\t\"" names[i] "\"," > source
	print "};\n\nconst char *const query_texts[QUERY_COUNT] = {" > source
	for (i = 0; i < count; i++) {
		gsub(/\\/, "\\\\", texts[i])
		gsub(/"/, "\\\"", texts[i])
		gsub(/\n/, "\\n\"\n\t\"", texts[i])
		print "\t\"" texts[i] "\"," > source
	}
	print "};" > source
}
