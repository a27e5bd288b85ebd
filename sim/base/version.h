/* version.h - which futexsim this is. */
#ifndef SIM_BASE_VERSION_H
#define SIM_BASE_VERSION_H

#define FUTEXSIM_VERSION "0.1.0"

#endif
