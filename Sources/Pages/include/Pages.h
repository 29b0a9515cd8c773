/// The parts that web pages are made of, compiled in, so that a single binary can write them.
#pragma once

#include <stddef.h>

/// Finds the part called `name`, a file's name such as "page.css".
///
/// Returns its first byte and writes its length to `count`, or returns NULL where there is none. The bytes live as long
/// as the process.
const unsigned char *pages_find(const char *name, size_t *count);
