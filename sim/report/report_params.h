/* report_params.h - the combination of a matrix in a report. */
#ifndef SIM_REPORT_REPORT_PARAMS_H
#define SIM_REPORT_REPORT_PARAMS_H

#include "sim/base/json.h"
#include "sim/loader/scenario.h"

/* {"waiters": 2}, of the parameters that the matrix has. */
json_t *report_params_json(const struct scenario *s);

#endif
