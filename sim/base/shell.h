/* shell.h - words of a command that a user may copy into a shell. */
#ifndef SIM_BASE_SHELL_H
#define SIM_BASE_SHELL_H

#include <stdio.h>

/* Write @word to @out, in quotes if it needs them. */
void shell_word(FILE *out, const char *word);

#endif
