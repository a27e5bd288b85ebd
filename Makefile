# Build, test, install.  `make help` lists what there is to make.
#
# Everything is built from the top of the tree, into $(B): a second compiler
# or a sanitizer gets a directory of its own, as in
#
#	make B=build/clang CC=clang
#	make B=build/asan SANITIZE=address,undefined

B ?= build
SANITIZE ?=
PREFIX ?= /usr/local
DESTDIR ?=

ifeq ($(origin CC),default)
CC = gcc
endif

# ---- flags -----------------------------------------------------------------

MODULES = yaml-0.1 jansson libgvc libcgraph libxxhash libmd
# Empty while the libraries are missing; compiling then says so.
MODULE_CFLAGS := $(shell pkg-config --cflags $(MODULES) 2>/dev/null)
MODULE_LIBS := $(shell pkg-config --libs $(MODULES) 2>/dev/null)
CHECK_CFLAGS := $(shell pkg-config --cflags check 2>/dev/null)
CHECK_LIBS := $(shell pkg-config --libs check 2>/dev/null)

WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wvla -Wpointer-arith -Wwrite-strings -Wundef -Wformat=2 -Werror
CFLAGS ?= -O2 -g
ALL_CFLAGS = -std=gnu11 $(CFLAGS) $(WARNINGS) $(SANITIZE_CFLAGS)
ALL_CPPFLAGS = -I. $(CPPFLAGS) $(MODULE_CFLAGS) -MMD -MP
# Only the C interface of Boost.Context, which is assembly: no C++ runtime.
# Of libresolv, which is part of libc, base64.
# The machine hears of each question for a quirk (sim/machine/mutation.c).
LIBS = $(MODULE_LIBS) -lresolv -l:libboost_context.a -Wl,--wrap=quirk

ifneq ($(SANITIZE),)
# Sanitized code hides from the compiler how long a number can get.
SANITIZE_CFLAGS = -fsanitize=$(SANITIZE) -fno-sanitize-recover=all \
	-fno-omit-frame-pointer -Wno-format-truncation \
	-Wno-unknown-warning-option
endif

# ---- what is made of what ----------------------------------------------------

MODEL_SRC := $(sort $(wildcard model/*.c))
TOOL_SRC := $(sort $(wildcard sim/*.c sim/*/*.c trace/*.c viz/*.c viz/*/*.c))
TEST_SRC := $(sort $(wildcard tests/*.c))

# Unit tests of the model run on a fake kernel, all others on the machine.
FAKE_SRC := $(addprefix tests/, model_suites.c model_tasks.c fake_kernel.c \
	fake_task.c fake_waker.c fake_user.c fake_aspace.c test_fake.c \
	test_wait_queue.c test_wait.c test_table.c test_key.c test_requeue.c \
	test_syscall.c test_syscall_requeue.c test_robust.c test_exit.c \
	test_profiles.c test_quirks.c test_quirks_queues.c \
	test_quirks_calls.c test_quirks_waits.c test_wake_op.c test_waitv.c)
PTHREAD_SRC := $(addprefix tests/, pthread_kernel.c pthread_user.c \
	stress_pthread.c)
SUITE_SRC := $(filter-out tests/main.c $(FAKE_SRC) $(PTHREAD_SRC),$(TEST_SRC))
BENCH_SRC := $(sort $(wildcard tests/bench/*.c))
FUZZ_SRC := $(sort $(wildcard tests/fuzz/*.c))

objects = $(patsubst %.c,$(B)/obj/%.o,$(1))
MODEL_OBJ = $(call objects,$(MODEL_SRC))
LIB_OBJ = $(MODEL_OBJ) $(filter-out $(B)/obj/sim/main.o,\
	$(call objects,$(TOOL_SRC)))

SOURCES := $(MODEL_SRC) $(TOOL_SRC) $(TEST_SRC) $(BENCH_SRC) $(FUZZ_SRC)
HEADERS := $(sort $(wildcard model/*.h sim/*/*.h trace/*.h viz/*.h viz/*/*.h tests/*.h \
	tests/bench/*.h))

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:

# ---- for people ---------------------------------------------------------------

.PHONY: all demo check test lint format bench fuzz gallery deps install clean help

all: $(B)/futexsim ## build the program (the default): build/futexsim

demo: ## install what is missing, build, run one race and draw it
	@sh tests/deps.sh run
	@$(MAKE) --no-print-directory all
	@BUILD=$(B) sh tests/demo.sh

check: ## install what is missing, then everything that must hold
	@sh tests/deps.sh check
	+@MAKE='$(MAKE)' BUILD=$(B) bash tests/check.sh

test: $(B)/futexsim $(B)/tests $(B)/tests-model ## the quick part of check
	$(B)/tests-model
	CK_DEFAULT_TIMEOUT=60 $(B)/tests
	$(B)/futexsim test scenarios

lint: ## form, who includes whom, points, static analysis
	@sh tests/lint.sh $(SOURCES) $(HEADERS)

format: ## put all sources into the house's form
	clang-format -i $(SOURCES) $(HEADERS)

bench: ## measure what a switch, an event, a run and a search cost
	@sh tests/deps.sh run
	@$(MAKE) --no-print-directory $(B)/futexsim $(B)/bench
	CC='$(CC)' $(B)/bench

FUZZ_SECONDS ?= 600
fuzz: ## any bytes as scenario, trace, record, FUZZ_SECONDS (600) each; needs clang
	@sh tests/deps.sh check
	@$(MAKE) --no-print-directory B=$(B)/fuzzing CC=clang \
		SANITIZE=address,undefined CFLAGS='-O1 -g -fsanitize=fuzzer-no-link' \
		fuzzers
	@sh tests/fuzz.sh $(B)/fuzzing $(FUZZ_SECONDS)

gallery: $(B)/futexsim ## make the pictures of the documents anew
	@BUILD=$(B) sh tests/gallery.sh

deps: ## install the Debian packages that are missing
	@sh tests/deps.sh check

install: $(B)/futexsim ## install into PREFIX (default /usr/local)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/doc/futexsim
	install -m 755 $(B)/futexsim $(DESTDIR)$(PREFIX)/bin/
	install -m 644 LICENSE NOTICE $(wildcard README.md) CHANGELOG.md \
		$(DESTDIR)$(PREFIX)/share/doc/futexsim/

clean: ## remove everything that was built
	rm -rf $(B)

help: ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

# ---- programs -------------------------------------------------------------------

.PHONY: programs
programs: $(B)/futexsim $(B)/tests $(B)/tests-model $(B)/stress

need = $(if $(1),,$(error libraries are missing; `make deps` installs them))
# make V=1 shows the commands.
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $@ &&)
link = $(call say,LINK) $(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^

$(B)/futexsim: $(B)/obj/sim/main.o $(LIB_OBJ)
	$(link) $(LIBS)

$(B)/tests: $(B)/obj/tests/main.o $(call objects,$(SUITE_SRC)) $(LIB_OBJ)
	$(link) $(LIBS) $(CHECK_LIBS)

$(B)/tests-model: $(B)/obj/tests/main.o $(call objects,$(FAKE_SRC)) $(MODEL_OBJ)
	$(link) -pthread $(CHECK_LIBS)

$(B)/stress: $(call objects,$(PTHREAD_SRC)) $(MODEL_OBJ)
	$(link) -pthread

$(B)/bench: $(call objects,$(BENCH_SRC)) $(LIB_OBJ)
	$(link) $(LIBS)

.PHONY: fuzzers
fuzzers: $(B)/futexsim $(B)/fuzz-scenario $(B)/fuzz-trace $(B)/fuzz-record

$(B)/fuzz-%: $(B)/obj/tests/fuzz/fuzz_%.o $(LIB_OBJ)
	$(link) -fsanitize=fuzzer $(LIBS)

$(B)/obj/%.o: %.c
	$(call need,$(MODULE_LIBS))
	@mkdir -p $(@D)
	$(call say,CC) $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

$(B)/obj/tests/%.o: ALL_CPPFLAGS += $(CHECK_CFLAGS)

# What is built into the program as it is (viz/report/assets.c).
$(B)/obj/viz/report/assets.o: $(addprefix viz/report/report., html css js)

# It runs on threads that have no thread-local storage.
$(B)/obj/sim/host/agent.o: ALL_CFLAGS := $(filter-out -fsanitize=%,\
	$(ALL_CFLAGS)) -fno-stack-protector

-include $(patsubst %.c,$(B)/obj/%.d,$(SOURCES))
