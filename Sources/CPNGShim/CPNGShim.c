#include "CPNGShim.h"

#include <png.h>
#include <string.h>

int png_shim_write(
    const uint8_t *pixels, uint32_t width, uint32_t height, uint8_t *file, size_t *size, char *message) {
  png_image image = {.version = PNG_IMAGE_VERSION, .width = width, .height = height, .format = PNG_FORMAT_RGB};
  png_alloc_size_t bytes = *size;
  if (!png_image_write_to_memory(&image, file, &bytes, 0, pixels, 0, NULL)) {
    memcpy(message, image.message, sizeof image.message);
    return 0;
  }
  *size = bytes;
  return 1;
}
