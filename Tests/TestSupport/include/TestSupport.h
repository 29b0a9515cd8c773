#ifndef TEST_SUPPORT_H
#define TEST_SUPPORT_H

#include <stddef.h>
#include <stdint.h>

/// How often the calling thread has allocated memory since it began; -1 where that is not counted (under sanitizers,
/// and off glibc).
long test_allocation_count(void);

/// Whether tests can hold code to an allocation count: it is counted, and the optimizer was on, without which Swift allocates
/// where it need not.
int test_counts_allocations(void);

/// Whether this was built with a sanitizer, whose own files and memory count where the test sets limits.
int test_is_sanitized(void);

/// How often all threads together have; -1 where that is not counted.
long test_allocation_count_of_all_threads(void);

/// Reads a PNG file as rows of red, green and blue, a byte each.
///
/// Without `pixels` only the size is read. Returns 0 for what libpng cannot read.
int test_png_read(const uint8_t *file, size_t size, uint32_t *width, uint32_t *height, uint8_t *pixels);

#endif
