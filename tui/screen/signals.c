#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* How long a dying process waits for a terminal that takes nothing. */
#define RESTORE_WAIT_MS 200

static const int asking[] = {SIGTERM, SIGHUP, SIGINT, SIGWINCH, SIGCONT, SIGTSTP};
static const int fatal[] = {
	SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT, SIGSYS, SIGTRAP, SIGXCPU};

static volatile sig_atomic_t resized;
static volatile sig_atomic_t continued;
static volatile sig_atomic_t stop;
static volatile sig_atomic_t ending;
static volatile sig_atomic_t armed;

/* Written only while `armed` is 0: a handler looks at it first. */
static struct signals_restore restore;
static struct sigaction asking_before[ARRAY_LENGTH(asking)];
static struct sigaction fatal_before[ARRAY_LENGTH(fatal)];
static int news[2] = {-1, -1};
static stack_t stack_before;
static void *stack;

/* Async-signal-safe. */
static void put_back(void)
{
	if (!armed)
		return;
	armed = 0;
	/* What a stalled terminal has not taken yet is of no use to anybody now. */
	struct pollfd room = {.fd = restore.tty, .events = POLLOUT};
	if (poll(&room, 1, 0) == 0)
		tcflush(restore.tty, TCOFLUSH);
	for (size_t at = 0; at < restore.length;) {
		const ssize_t count = write(restore.tty, restore.bytes + at, restore.length - at);
		if (count > 0)
			at += (size_t)count;
		else if (errno != EAGAIN || poll(&room, 1, RESTORE_WAIT_MS) != 1)
			break;
	}
	tcsetattr(restore.tty, TCSANOW, &restore.before);
}

static void die(int number)
{
	put_back();
	struct sigaction plain = {.sa_handler = SIG_DFL};
	sigaction(number, &plain, NULL);
	sigset_t only;
	sigemptyset(&only);
	sigaddset(&only, number);
	pthread_sigmask(SIG_UNBLOCK, &only, NULL);
	raise(number);
	_exit(128 + number);
}

static void on_asking(int number)
{
	const int error = errno;
	switch (number) {
	case SIGWINCH:
		resized = 1;
		break;
	case SIGCONT:
		continued = 1;
		break;
	case SIGTSTP:
		stop = 1;
		break;
	default:
		if (ending) /* asked twice: the loop does not come to it */
			die(number);
		ending = number;
	}
	/* A full pipe has woken the loop already. */
	const ssize_t written = write(news[1], "", 1);
	(void)written;
	errno = error;
}

static void on_fatal(int number, siginfo_t *info, void *context)
{
	(void)context;
	put_back();
	for (size_t i = 0; i < ARRAY_LENGTH(fatal); i++)
		if (fatal[i] == number)
			sigaction(number, &fatal_before[i], NULL);
	/* A fault of the processor happens again when this returns, and whoever had the signal
	 * before sees it as it was. Others do not come again by themselves. */
	const bool fault =
		number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL;
	if (!fault || info->si_code <= 0)
		die(number);
}

bool signals_begin(struct error *error)
{
	resized = continued = stop = ending = armed = 0;
	if (pipe2(news, O_CLOEXEC | O_NONBLOCK) != 0)
		return error_set_errno(error, "no pipe for signals");
	/* Beside the stack: the fault may be that it has run out. */
	const size_t size = (size_t)SIGSTKSZ + 65536;
	stack = malloc(size);
	if (!stack) {
		signals_end();
		return error_memory(error);
	}
	const stack_t own = {.ss_sp = stack, .ss_size = size};
	sigaltstack(&own, &stack_before);
	for (size_t i = 0; i < ARRAY_LENGTH(asking); i++)
		sigaction(asking[i], NULL, &asking_before[i]);
	for (size_t i = 0; i < ARRAY_LENGTH(fatal); i++)
		sigaction(fatal[i], NULL, &fatal_before[i]);
	return true;
}

static void install(const int *numbers, const struct sigaction *before, size_t count,
	const struct sigaction *action)
{
	for (size_t i = 0; i < count; i++)
		/* What the parent had ignored (nohup) stays so; newterm may have changed it. */
		sigaction(numbers[i], before[i].sa_handler == SIG_IGN ? &before[i] : action, NULL);
}

void signals_arm(const struct signals_restore *how)
{
	armed = 0;
	restore = *how;
	struct sigaction ask = {.sa_handler = on_asking};
	struct sigaction kill = {.sa_sigaction = on_fatal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
	sigfillset(&ask.sa_mask);
	sigfillset(&kill.sa_mask);
	armed = 1;
	install(fatal, fatal_before, ARRAY_LENGTH(fatal), &kill);
	install(asking, asking_before, ARRAY_LENGTH(asking), &ask);
}

void signals_disarm(void)
{
	armed = 0;
}

void signals_end(void)
{
	armed = 0;
	if (stack) {
		for (size_t i = 0; i < ARRAY_LENGTH(asking); i++)
			sigaction(asking[i], &asking_before[i], NULL);
		for (size_t i = 0; i < ARRAY_LENGTH(fatal); i++)
			sigaction(fatal[i], &fatal_before[i], NULL);
		sigaltstack(&stack_before, NULL);
		free(stack);
		stack = NULL;
	}
	for (int i = 0; i < 2; i++) {
		if (news[i] >= 0)
			close(news[i]);
		news[i] = -1;
	}
}

int signals_fd(void)
{
	return news[0];
}

int signals_take(void)
{
	char bytes[64];
	while (read(news[0], bytes, sizeof bytes) > 0)
		continue;
	int set = 0;
	if (resized) {
		resized = 0;
		set |= SIGNALS_RESIZED;
	}
	if (continued) {
		continued = 0;
		set |= SIGNALS_CONTINUED;
	}
	if (stop) {
		stop = 0;
		set |= SIGNALS_STOP;
	}
	return set;
}

int signals_ending(void)
{
	return (int)ending;
}

void signals_stop(bool group)
{
	struct sigaction own;
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	const struct sigaction plain = {.sa_handler = SIG_DFL};
	/* The others first; then this thread by raise, which does not return before the stop. A
	 * process group without a shell is not stopped by SIGTSTP, and goes on at once. */
	sigaction(SIGTSTP, &ignore, &own);
	if (group)
		kill(0, SIGTSTP);
	sigaction(SIGTSTP, &plain, NULL);
	raise(SIGTSTP);
	sigaction(SIGTSTP, &own, NULL);
}
