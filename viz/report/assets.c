/*
 * assets.c - the files of the page, which are built into the program.
 *
 * The assembler reads them, so no tool makes C of them first; the Makefile
 * says that this object depends on them.
 */
#include "viz/report/report.h"

#include <stdint.h>

/* asset_NAME(): the bytes, and the length that the assembler has counted. */
#define ASSET(name, path)                                                      \
	__asm__(".pushsection .rodata\n"                                       \
		".balign 8\n"                                                  \
		"report_" #name "_size:\n"                                     \
		".quad report_" #name "_end - report_" #name "\n"              \
		"report_" #name ":\n"                                          \
		".incbin \"" path "\"\n"                                       \
		"report_" #name "_end:\n"                                      \
		".byte 0\n"                                                    \
		".popsection\n");                                              \
	extern const char report_##name[];                                     \
	extern const uint64_t report_##name##_size;                            \
	struct asset asset_##name(void)                                        \
	{                                                                      \
		return (struct asset){report_##name, report_##name##_size};    \
	}

ASSET(html, "viz/report/report.html")
ASSET(css, "viz/report/report.css")
ASSET(js, "viz/report/report.js")
