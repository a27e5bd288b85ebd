/*
 * asan.h - is this a build with AddressSanitizer?  Then HAS_ASAN is defined.
 */
#ifndef SIM_MACHINE_ASAN_H
#define SIM_MACHINE_ASAN_H

#if defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif

#endif
