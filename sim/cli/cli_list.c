/* cli_list.c - futexsim points and futexsim quirks. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/quirk_matrix.h"
#include "sim/machine/sites.h"

/* ---- points ------------------------------------------------------------ */

/* "&state->woken" and "load" make "woken.load"; "_mutex" is dropped. */
static void site_point(const struct ksite *site, char buf[POINT_NAME_MAX])
{
	const char *name = site->object;
	const char *end = name + strlen(name);
	const char *start = end;
	size_t size;

	while (start > name &&
	       (isalnum((unsigned char)start[-1]) || start[-1] == '_'))
		start--;
	size = (size_t)(end - start);
	if (size > 6 && !strncmp(end - 6, "_mutex", 6))
		size -= 6;
	if (!strncmp(start, "robust_list_head", size))
		snprintf(buf, POINT_NAME_MAX, "robust.%s", site->op);
	else if (!strncmp(start, "clear_child_tid", size))
		snprintf(buf, POINT_NAME_MAX, "ctid.%s", site->op);
	else
		snprintf(buf, POINT_NAME_MAX, "%.*s.%s", (int)size, start,
			 site->op);
}

/* Source lines of one point; the first ones on its line. */
static unsigned int print_sites(const struct ksite **sites, size_t count,
				const char *point)
{
	char name[POINT_NAME_MAX];
	unsigned int printed = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		site_point(sites[i], name);
		if (strcmp(name, point))
			continue;
		printf("%s %s:%d", printed ? "," : " ", sites[i]->file,
		       sites[i]->line);
		printed++;
	}
	return printed;
}

/* Reference counts of all kinds share their points. */
static bool is_repeated(unsigned int n, const char *point)
{
	enum object_kind object;
	enum event_kind kind;
	char name[POINT_NAME_MAX];

	while (n-- > 0 && event_point_at(n, &kind, &object)) {
		if (!strcmp(event_point(kind, object, name), point))
			return true;
	}
	return false;
}

/* The points that are steps of threads, or those that are not. */
static void print_points(const struct ksite **sites, size_t count,
			 bool is_of_thread)
{
	enum object_kind object;
	enum event_kind kind;
	char point[POINT_NAME_MAX];
	unsigned int n;

	for (n = 0; event_point_at(n, &kind, &object); n++) {
		event_point(kind, object, point);
		if (event_is_of_thread(kind) != is_of_thread ||
		    is_repeated(n, point))
			continue;
		if (!is_of_thread) {
			puts(point);
			continue;
		}
		printf("%-20s", point);
		if (!print_sites(sites, count, point))
			fputs("  programs and the machine", stdout);
		putchar('\n');
	}
}

int cli_points(const struct options *o, int count, char **arguments)
{
	const struct ksite **sites = sites_by_place();

	(void)o;
	(void)count;
	(void)arguments;
	print_points(sites, site_count(), true);
	puts("\nin traces only, no thread stops there:");
	print_points(sites, site_count(), false);
	free(sites);
	return 0;
}

/* ---- quirks ------------------------------------------------------------ */

static void print_profiles_of(int quirk)
{
	const char *separator = "";
	unsigned int i;

	for (i = 0; i < profile_count; i++) {
		if (!(profile_table[i].quirks >> quirk & 1))
			continue;
		printf("%s%s", separator, profile_table[i].name);
		separator = ", ";
	}
	putchar('\n');
}

static int say_usage(const char *usage)
{
	fprintf(stderr, "futexsim: error: usage: futexsim quirks %s\n", usage);
	return EXIT_USAGE;
}

int cli_quirks(const struct options *o, int count, char **arguments)
{
	const struct quirk_info *q;
	unsigned int i;
	int n;

	if (o->is_matrix && !count)
		return say_usage("--matrix DIR...");
	if (o->is_matrix)
		return quirk_matrix(o, count, arguments);
	if (count || o->is_json)
		return say_usage("[--matrix DIR...]");
	for (n = 0; n < QUIRK_COUNT; n++) {
		q = &quirk_table[n];
		printf("%s\n  %s\n  source:   %s\n  place:    %s\n  scenario: "
		       "scenarios/%s\n  profiles: ",
		       q->name, q->summary, q->source, q->place, q->scenario);
		print_profiles_of(n);
	}
	puts("\nprofiles");
	for (i = 0; i < profile_count; i++)
		printf("  %-15s %s\n", profile_table[i].name,
		       profile_table[i].summary);
	return 0;
}
