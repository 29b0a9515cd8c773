#include <png.h>

#include "TestSupport.h"

int test_png_read(const uint8_t *file, size_t size, uint32_t *width, uint32_t *height, uint8_t *pixels) {
  png_image image = {.version = PNG_IMAGE_VERSION};
  if (!png_image_begin_read_from_memory(&image, file, size)) return 0;
  image.format = PNG_FORMAT_RGB;
  *width = image.width;
  *height = image.height;
  if (pixels && !png_image_finish_read(&image, NULL, pixels, 0, NULL)) return 0;
  png_image_free(&image);
  return 1;
}
