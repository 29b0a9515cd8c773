#ifndef CPNGSHIM_H
#define CPNGSHIM_H

#include <stddef.h>
#include <stdint.h>

// PNG through libpng's simplified interface, which reports errors by return value where the full one jumps.

/// Writes `width` x `height` pixels of three bytes (red, green, blue in sRGB, rows from the top) as a PNG file to
/// `file`, or, where `file` is null, only finds out how large the file is.
///
/// - Parameter size: how many bytes `file` has room for; how many the PNG file takes, on return.
/// - Returns: 1, or 0 with libpng's reason in `message` (64 bytes).
int png_shim_write(
    const uint8_t *pixels, uint32_t width, uint32_t height, uint8_t *file, size_t *size, char *message);

#endif
