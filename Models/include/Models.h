/// Trained policies, compiled in, so that a single binary can show what its robots learned.
#pragma once

#include <stddef.h>

/// Finds the policy file of the robot called `name`.
///
/// Returns its first byte and writes its length to `count`, or returns NULL where the robot has none. The bytes live as
/// long as the process.
const unsigned char *models_find(const char *name, size_t *count);
