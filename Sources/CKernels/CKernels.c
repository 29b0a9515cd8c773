#include "CKernels.h"

#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>

#define CK_WIDTH 16
#define CK_TILE 12
#define CK_NAME(f) f##_avx512
#define CK_LABEL "AVX-512"
#define CK_FMA(a, b, c) __builtin_elementwise_fma(a, b, c)
#define CK_LOAD_PART(p, n) _mm512_maskz_loadu_ps((__mmask16)((1u << (n)) - 1u), p)
#define CK_STORE_PART(p, n, v) _mm512_mask_storeu_ps(p, (__mmask16)((1u << (n)) - 1u), v)
#pragma clang attribute push(__attribute__((target("avx512f,avx2,fma"))), apply_to = function)
#include "Variant.h"
#pragma clang attribute pop

#define CK_WIDTH 8
#define CK_TILE 6
#define CK_NAME(f) f##_avx2
#define CK_LABEL "AVX2"
#define CK_FMA(a, b, c) __builtin_elementwise_fma(a, b, c)
#define CK_PART_MASK(n) \
  _mm256_cmpgt_epi32(_mm256_set1_epi32((int)(n)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7))
#define CK_LOAD_PART(p, n) _mm256_maskload_ps(p, CK_PART_MASK(n))
#define CK_STORE_PART(p, n, v) _mm256_maskstore_ps(p, CK_PART_MASK(n), v)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "Variant.h"
#pragma clang attribute pop

#define CK_WIDTH 4
#define CK_TILE 6
#define CK_NAME(f) f##_plain
#define CK_LABEL "plain"
#define CK_FMA(a, b, c) ((a) * (b) + (c))
#include "Variant.h"

#elif defined(__aarch64__)

#define CK_WIDTH 4
#define CK_TILE 12
#define CK_NAME(f) f##_neon
#define CK_LABEL "NEON"
#define CK_FMA(a, b, c) __builtin_elementwise_fma(a, b, c)
#include "Variant.h"

#else

#define CK_WIDTH 4
#define CK_TILE 6
#define CK_NAME(f) f##_plain
#define CK_LABEL "plain"
#define CK_FMA(a, b, c) ((a) * (b) + (c))
#include "Variant.h"

#endif

const ck_kernels *ck_variant(int index) {
  int found = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && found++ == index) return &kernels_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && found++ == index) return &kernels_avx2;
  if (found == index) return &kernels_plain;
#elif defined(__aarch64__)
  if (found == index) return &kernels_neon;
#else
  if (found == index) return &kernels_plain;
#endif
  return NULL;
}

static const ck_kernels *best;

__attribute__((constructor)) static void choose(void) { best = ck_variant(0); }

const ck_kernels *ck_best(void) { return best; }

void ck_evaluate(const ck_network *network, const float *x, long x_row, float *y, long rows) {
  // Two buffers that take turns; results do not depend on how many rows go through at a time.
  enum { room = 3 * CK_WIDEST };
  _Alignas(64) float buffers[2][room];
  long widest = network->sizes[0];
  for (long l = 1; l < network->layers; l++)
    if (network->sizes[l] > widest) widest = network->sizes[l];
  long chunk = room / widest;
  if (chunk > 12) chunk -= chunk % 12;
  long inputs = network->sizes[0], outputs = network->sizes[network->layers];
  for (long r = 0; r < rows; r += chunk) {
    long n = rows - r < chunk ? rows - r : chunk;
    best->normalize(x + r * x_row, x_row, network->mean, network->scale, network->clip, buffers[0], n, inputs);
    const float *parameters = network->parameters;
    for (long l = 0; l < network->layers; l++) {
      long from = network->sizes[l], to = network->sizes[l + 1];
      int is_last = l == network->layers - 1;
      best->forward(buffers[l % 2], parameters, parameters + from * to, is_last ? y + r * outputs : buffers[(l + 1) % 2],
                    n, from, to, is_last ? CK_IDENTITY : network->activation);
      parameters += from * to + to;
    }
  }
}

void ck_transpose(const float *m, float *t, long rows, long columns) {
  best->transpose(m, columns, rows, columns, t, rows);
}
