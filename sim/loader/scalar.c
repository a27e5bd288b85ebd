/*
 * scalar.c - what the text of a scalar means.
 *
 * Names of errors and signals, and their numbers, are Linux's own on most
 * machines, from a table here: a scenario means the same on every host.
 */
#include "sim/loader/scalar.h"

#include <stddef.h>
#include <string.h>

/* ---- integers ---------------------------------------------------------- */

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

/*
 * Digits of @base from @text on.  Returns where they end; NULL if there are
 * none.  On overflow *@fits is false and *@value is meaningless.
 */
static const char *digits(const char *text, int base, uint64_t *value,
			  bool *fits)
{
	const char *start = text;

	*value = 0;
	*fits = true;
	for (; digit_of(*text) < base; text++) {
		if (__builtin_mul_overflow(*value, (uint64_t)base, value) ||
		    __builtin_add_overflow(*value, (uint64_t)digit_of(*text),
					   value))
			*fits = false;
	}
	return text == start ? NULL : text;
}

enum scalar_result scalar_integer(const char *text, struct number *number)
{
	uint64_t magnitude;
	bool fits;
	const char *end;

	number->is_negative = *text == '-';
	if (number->is_negative)
		text++;
	if (text[0] == '0' && text[1] == 'x')
		end = digits(text + 2, 16, &magnitude, &fits);
	else
		end = digits(text, 10, &magnitude, &fits);
	if (!end || *end != '\0')
		return SCALAR_OTHER;
	if (text[0] == '0' && text[1] >= '0' && text[1] <= '9')
		return SCALAR_OTHER;
	if (!fits || (number->is_negative && magnitude > UINT64_C(1) << 63))
		return SCALAR_TOO_BIG;
	number->is_negative = number->is_negative && magnitude > 0;
	number->bits = number->is_negative ? -magnitude : magnitude;
	return SCALAR_OK;
}

bool number_is_within(struct number number, int64_t min, uint64_t max)
{
	if (number.is_negative)
		return (int64_t)number.bits >= min;
	return number.bits <= max && (min <= 0 || number.bits >= (uint64_t)min);
}

/* ---- times ------------------------------------------------------------- */

static const struct unit {
	const char *name;
	uint64_t ns;
} units[] = {
	{"ns", 1},
	{"us", 1000},
	{"ms", 1000000},
	{"s", 1000000000},
	{"m", UINT64_C(60) * 1000000000},
	{"h", UINT64_C(3600) * 1000000000},
};

static uint64_t unit_ns(const char *name)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(units[i].name, name) == 0)
			return units[i].ns;
	}
	return 0;
}

enum scalar_result scalar_duration(const char *text, uint64_t *ns)
{
	uint64_t whole, unit, fraction = 0, scale = 1;
	unsigned __int128 parts;
	bool fits, is_exact = true;
	const char *end = digits(text, 10, &whole, &fits);

	if (!end)
		return SCALAR_OTHER;
	if (*end == '.') {
		const char *c = end + 1;

		/* An hour has less than 10^13 ns: more digits are zeros. */
		for (; *c >= '0' && *c <= '9'; c++) {
			if (scale < UINT64_C(10000000000000)) {
				fraction = fraction * 10 + (uint64_t)(*c - '0');
				scale *= 10;
			} else if (*c != '0') {
				is_exact = false;
			}
		}
		if (c == end + 1)
			return SCALAR_OTHER;
		end = c;
	}
	if (*end == '\0')
		return SCALAR_NO_UNIT;
	unit = unit_ns(end);
	if (unit == 0)
		return SCALAR_OTHER;
	parts = (unsigned __int128)fraction * unit;
	if (!is_exact || parts % scale != 0)
		return SCALAR_NOT_WHOLE;
	parts = parts / scale + (unsigned __int128)whole * unit;
	if (!fits || parts > UINT64_MAX)
		return SCALAR_TOO_BIG;
	*ns = (uint64_t)parts;
	return SCALAR_OK;
}

enum scalar_result scalar_timespec(const char *text, int64_t *sec,
				   int64_t *nsec)
{
	const char *colon = strchr(text, ':');
	char first[32];
	struct number number;
	enum scalar_result result;

	if (!colon || (size_t)(colon - text) >= sizeof(first))
		return SCALAR_OTHER;
	memcpy(first, text, (size_t)(colon - text));
	first[colon - text] = '\0';
	result = scalar_integer(first, &number);
	if (result != SCALAR_OK)
		return result;
	*sec = (int64_t)number.bits;
	result = scalar_integer(colon + 1, &number);
	*nsec = (int64_t)number.bits;
	return result;
}

/* ---- sizes ------------------------------------------------------------- */

enum scalar_result scalar_bytes(const char *text, uint64_t *bytes)
{
	static const char *const names[] = {"KiB", "MiB", "GiB"};
	struct number number;
	bool fits;
	const char *end = digits(text, 10, bytes, &fits);

	for (unsigned int i = 0; end && i < 3; i++) {
		if (strcmp(names[i], end) != 0)
			continue;
		if (text[0] == '0' && end != text + 1)
			return SCALAR_OTHER;
		if (!fits || *bytes > UINT64_MAX >> (10 * (i + 1)))
			return SCALAR_TOO_BIG;
		*bytes <<= 10 * (i + 1);
		return SCALAR_OK;
	}
	if (*text == '-')
		return SCALAR_OTHER;
	*bytes = 0;
	switch (scalar_integer(text, &number)) {
	case SCALAR_OK:
		*bytes = number.bits;
		return SCALAR_OK;
	case SCALAR_TOO_BIG:
		return SCALAR_TOO_BIG;
	case SCALAR_OTHER:
	case SCALAR_NO_UNIT:
	case SCALAR_NOT_WHOLE:
		break;
	}
	return SCALAR_OTHER;
}

/* ---- words ------------------------------------------------------------- */

bool scalar_bool(const char *text, bool *value)
{
	*value = strcmp(text, "true") == 0;
	return *value || strcmp(text, "false") == 0;
}

struct named_number {
	const char *name;
	int number;
};

/* Source: asm-generic/errno-base.h and errno.h; those that calls here give. */
static const struct named_number errors[] = {
	{"EPERM", 1},	    {"ENOENT", 2},	 {"ESRCH", 3},
	{"EINTR", 4},	    {"EIO", 5},		 {"EBADF", 9},
	{"EAGAIN", 11},	    {"ENOMEM", 12},	 {"EACCES", 13},
	{"EFAULT", 14},	    {"EBUSY", 16},	 {"EEXIST", 17},
	{"EINVAL", 22},	    {"ERANGE", 34},	 {"EDEADLK", 35},
	{"ENOSYS", 38},	    {"EOVERFLOW", 75},	 {"EOPNOTSUPP", 95},
	{"ETIMEDOUT", 110}, {"EOWNERDEAD", 130}, {"EWOULDBLOCK", 11},
};

/* Source: asm-generic/signal.h. */
static const struct named_number signals[] = {
	{"SIGHUP", 1},	 {"SIGINT", 2},	    {"SIGQUIT", 3},  {"SIGILL", 4},
	{"SIGTRAP", 5},	 {"SIGABRT", 6},    {"SIGBUS", 7},   {"SIGFPE", 8},
	{"SIGKILL", 9},	 {"SIGUSR1", 10},   {"SIGSEGV", 11}, {"SIGUSR2", 12},
	{"SIGPIPE", 13}, {"SIGALRM", 14},   {"SIGTERM", 15}, {"SIGSTKFLT", 16},
	{"SIGCHLD", 17}, {"SIGCONT", 18},   {"SIGSTOP", 19}, {"SIGTSTP", 20},
	{"SIGTTIN", 21}, {"SIGTTOU", 22},   {"SIGURG", 23},  {"SIGXCPU", 24},
	{"SIGXFSZ", 25}, {"SIGVTALRM", 26}, {"SIGPROF", 27}, {"SIGWINCH", 28},
	{"SIGIO", 29},	 {"SIGPWR", 30},    {"SIGSYS", 31},
};

#define SIGNAL_MAX 64

static int find_number(const struct named_number *rows, size_t count,
		       const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(rows[i].name, name) == 0)
			return rows[i].number;
	}
	return 0;
}

int scalar_errno(const char *name)
{
	return find_number(errors, sizeof(errors) / sizeof(errors[0]), name);
}

const char *scalar_errno_at(unsigned int index)
{
	if (index >= sizeof(errors) / sizeof(errors[0]))
		return NULL;
	return errors[index].name;
}

unsigned int scalar_signal(const char *text)
{
	struct number number;

	if (scalar_integer(text, &number) == SCALAR_OK)
		return number_is_within(number, 1, SIGNAL_MAX)
			       ? (unsigned int)number.bits
			       : 0;
	return (unsigned int)find_number(
		signals, sizeof(signals) / sizeof(signals[0]), text);
}

const char *scalar_signal_at(unsigned int index)
{
	if (index >= sizeof(signals) / sizeof(signals[0]))
		return NULL;
	return signals[index].name;
}

bool scalar_is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool scalar_is_name_part(char c)
{
	return scalar_is_name_start(c) || (c >= '0' && c <= '9');
}

bool scalar_is_name(const char *text, bool dash)
{
	if (!scalar_is_name_start(*text))
		return false;
	while (scalar_is_name_part(*text) || (dash && *text == '-'))
		text++;
	return *text == '\0';
}
