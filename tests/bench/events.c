/* Writes CSV events of about 218 bytes, the same for the same seed.
 *	events ROWS [SEED] > events.csv */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint64_t state;

/* splitmix64 */
static uint64_t draw(void)
{
	uint64_t number = state += 0x9e3779b97f4a7c15u;
	number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9u;
	number = (number ^ (number >> 27)) * 0x94d049bb133111ebu;
	return number ^ (number >> 31);
}

static unsigned below(unsigned end)
{
	return (unsigned)(draw() % end);
}

static const char *const sites[] = {"Tokyo", "鎌倉製作所", "Nagoya", "情報技術総合研究所", "Osaka",
	"Shanghai", "Amagasaki", "名古屋製作所", "Itami", "Fukuyama", "本社", "Kobe"};
static const char *const processes[] = {"powershell.exe", "svchost.exe", "explorer.exe", "cmd.exe",
	"rundll32.exe", "outlook.exe", "chrome.exe", "services.exe", "lsass.exe", "wmiprvse.exe",
	"msiexec.exe", "schtasks.exe", "winword.exe", "excel.exe", "teams.exe", "taskhostw.exe"};
static const char *const folders[] = {"C:\\Windows\\System32", "C:\\Users\\Public",
	"C:\\ProgramData\\Update", "C:\\Program Files\\Common Files", "D:\\share\\design",
	"C:\\Users\\tanaka\\AppData\\Local\\Temp"};
static const char *const suffixes[] = {"dll", "exe", "docx", "xlsx", "log", "tmp", "pdf", "dat"};
static const char *const words[] = {"logon", "failed", "service", "started", "stopped", "network",
	"connection", "established", "file", "created", "deleted", "registry", "value", "set",
	"task", "scheduled", "policy", "changed", "user", "added", "group", "removed", "session",
	"opened", "closed", "update", "installed", "driver", "loaded", "remote", "share",
	"accessed", "archive", "written", "object", "token", "privilege", "assigned", "backup",
	"completed"};
#define ANY_OF(list) (list)[below((unsigned)(sizeof(list) / sizeof(list)[0]))]

static void write_row(uint64_t row, time_t clock)
{
	char when[32];
	struct tm parts;
	gmtime_r(&clock, &parts);
	strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &parts);
	printf("%s,ws%04u,%s,user%03u,%s,", when, below(3000), ANY_OF(sites), below(700),
		ANY_OF(processes));
	/* One path in 100,000 is a script. */
	const char *suffix = below(100000) == 0 ? "ps1" : ANY_OF(suffixes);
	printf("%s\\%s%u.%s,10.%u.%u.%u,", ANY_OF(folders), ANY_OF(words), below(10000), suffix,
		below(32), below(256), below(256));
	/* Half of the rows have a hash. */
	if (draw() % 2)
		printf("%016" PRIx64 "%016" PRIx64, draw(), draw());
	putchar(',');
	unsigned count = 5 + below(15);
	for (unsigned i = 0; i < count; i++)
		printf("%s%s", i ? " " : "", ANY_OF(words));
	if (row % 1000003 == 4242)
		fputs(" exfil-7Q marker", stdout);
	putchar('\n');
}

int main(int argc, char **argv)
{
	uint64_t rows = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
	state = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	time_t clock = 1561939200; /* 2019-07-01 */
	puts("time,host,site,account,process,path,address,hash,message");
	for (uint64_t row = 0; row < rows; row++) {
		clock += below(3);
		write_row(row, clock);
	}
	return fflush(stdout) == 0 ? 0 : 1;
}
