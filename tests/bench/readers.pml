/*
 * readers.pml - the threads of readers.yaml: one writes what N others read.
 * What each has read is not kept, so states do not differ by it.
 */
#ifndef N
#define N 10
#endif

byte x;

active proctype writer()
{
	x = 1;
end:
	false
}

active [N] proctype reader()
{
	x <= 1;
end:
	false
}
