# Turns a text file into one C string constant: awk -v name=NAME -f embed.awk FILE > FILE.c
BEGIN {
	printf "/* Made from the data folder; change the file there. */\n"
	printf "extern const char %s[];\nconst char %s[] =\n", name, name
}
{
	gsub(/\\/, "\\\\")
	gsub(/"/, "\\\"")
	printf "\t\"%s\\n\"\n", $0
}
END { print "\t;" }
