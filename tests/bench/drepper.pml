/*
 * drepper.pml - the lock of drepper.yaml, and with -DAGAIN=1 that of
 * mutant.yaml: N threads take it once each, add one to a counter, give it back.
 *
 * What is one step there is one step here: an access to a word, a wait up to
 * where it sleeps or returns, a wake.  Sleepers are woken in order.
 */
#ifndef N
#define N 2
#endif
#ifndef AGAIN
#define AGAIN 2
#endif

byte mutex;
byte counter;
chan sleepers = [N] of { byte };
bool asleep[N];

active [N] proctype thread()
{
	byte c, n;

	atomic {
		c = mutex;
		if
		:: c == 0 -> mutex = 1; goto locked
		:: c == 1
		:: c == 2 -> goto wait
		fi
	}
	atomic {
		c = mutex;
		mutex = 2;
		if
		:: c == 0 -> goto locked
		:: else
		fi
	}
wait:
	atomic {
		if
		:: mutex == 2 -> asleep[_pid] = true; sleepers!_pid
		:: else -> goto again
		fi
	}
	!asleep[_pid];
again:
	atomic {
		c = mutex;
		mutex = AGAIN;
		if
		:: c == 0
		:: else -> goto wait
		fi
	}
locked:
	n = counter;
	d_step {
		assert(counter == n);
		counter = n + 1
	}
	atomic {
		c = mutex;
		mutex = 0;
		if
		:: c == 2
		:: else -> goto unlocked
		fi
	}
	d_step {
		if
		:: sleepers?c -> asleep[c] = false
		:: empty(sleepers)
		fi;
		c = 2
	}
unlocked:
	/* Stays here: the end of a process would be one more step. */
end:
	false
}
