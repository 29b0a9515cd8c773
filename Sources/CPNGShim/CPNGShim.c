#include "CPNGShim.h"

#include <png.h>
#include <string.h>

static int fail(png_image *image, char *message) {
  memcpy(message, image->message, sizeof image->message);
  png_image_free(image);
  return 0;
}

int png_shim_write(
    const uint8_t *pixels, uint32_t width, uint32_t height, uint8_t *file, size_t *size, char *message) {
  png_image image = {.version = PNG_IMAGE_VERSION, .width = width, .height = height, .format = PNG_FORMAT_RGB};
  png_alloc_size_t bytes = *size;
  if (!png_image_write_to_memory(&image, file, &bytes, 0, pixels, 0, NULL)) return fail(&image, message);
  *size = bytes;
  return 1;
}

int png_shim_read(
    const uint8_t *file, size_t size, uint32_t *width, uint32_t *height, uint8_t *pixels, char *message) {
  png_image image = {.version = PNG_IMAGE_VERSION};
  if (!png_image_begin_read_from_memory(&image, file, size)) return fail(&image, message);
  image.format = PNG_FORMAT_RGB;
  if (pixels && (image.width != *width || image.height != *height)) {
    strcpy(image.message, "another size than announced");
    return fail(&image, message);
  }
  *width = image.width;
  *height = image.height;
  if (pixels && !png_image_finish_read(&image, NULL, pixels, 0, NULL)) return fail(&image, message);
  png_image_free(&image);
  return 1;
}
