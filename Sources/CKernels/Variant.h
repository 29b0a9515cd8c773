// One variant of the kernels; CKernels.c includes this once for each kind of processor, with these defined:
// CK_WIDTH floats a vector, CK_TILE rows a tile, CK_NAME(f) a name of its own, CK_LABEL, CK_FMA(a, b, c), and, where the
// processor has them, CK_LOAD_PART and CK_STORE_PART for the first n < CK_WIDTH lanes.

typedef float CK_NAME(vector) __attribute__((ext_vector_type(CK_WIDTH)));
typedef float CK_NAME(unaligned) __attribute__((ext_vector_type(CK_WIDTH), aligned(4), may_alias));
typedef uint32_t CK_NAME(bits) __attribute__((ext_vector_type(CK_WIDTH)));
typedef float CK_NAME(float4) __attribute__((ext_vector_type(4)));
typedef float CK_NAME(float8) __attribute__((ext_vector_type(8), aligned(4), may_alias));
typedef double CK_NAME(double8) __attribute__((ext_vector_type(8)));
#define V CK_NAME(vector)
#define U CK_NAME(bits)
#define CK_INLINE static inline __attribute__((always_inline))

CK_INLINE V CK_NAME(load)(const float *p) { return *(const CK_NAME(unaligned) *)p; }

CK_INLINE void CK_NAME(store)(float *p, V v) { *(CK_NAME(unaligned) *)p = v; }

// The first n lanes, the others 0.
CK_INLINE V CK_NAME(load_part)(const float *p, long n) {
#ifdef CK_LOAD_PART
  return CK_LOAD_PART(p, n);
#else
  V v = 0;
  __builtin_memcpy(&v, p, (size_t)n * sizeof(float));
  return v;
#endif
}

CK_INLINE void CK_NAME(store_part)(float *p, long n, V v) {
#ifdef CK_STORE_PART
  CK_STORE_PART(p, n, v);
#else
  __builtin_memcpy(p, &v, (size_t)n * sizeof(float));
#endif
}

#include "Products.h"
#include "Activations.h"
#include "Layers.h"
#include "Optimizer.h"

// MARK: The peak

static double CK_NAME(saturate)(long rounds, float *sink) {
  // Enough chains to hide the latency of every processor's multiply-add, few enough to stay in registers.
  enum { chains = 12, unrolled = 8 };
  V sum[chains];
  // Towards 1, so that no sum overflows or becomes denormal, from values that the compiler cannot know.
  const V factor = *sink * 0.0f + 0.5f, term = factor;
#pragma clang loop unroll(full)
  for (int i = 0; i < chains; i++) sum[i] = (float)i + factor;
  for (long r = 0; r < rounds; r++)
#pragma clang loop unroll(full)
    for (int u = 0; u < unrolled; u++)
#pragma clang loop unroll(full)
      for (int i = 0; i < chains; i++) sum[i] = CK_FMA(sum[i], factor, term);
  for (int i = 0; i < chains; i++)
    for (int lane = 0; lane < CK_WIDTH; lane++) *sink += sum[i][lane];
  return 2.0 * CK_WIDTH * chains * unrolled * (double)rounds;
}

static const ck_kernels CK_NAME(kernels) = {
  CK_LABEL,           CK_NAME(forward),   CK_NAME(backward_input), CK_NAME(backward_weights),
  CK_NAME(activate),  CK_NAME(normalize), CK_NAME(add),            CK_NAME(squared_norm),
  CK_NAME(adam),      CK_NAME(transpose), CK_NAME(saturate),
};

#undef V
#undef U
#undef CK_INLINE
#undef CK_RUN_TILE
#undef CK_EACH
#undef CK_EACH_PAIR
#undef CK_WIDTH
#undef CK_TILE
#undef CK_NAME
#undef CK_LABEL
#undef CK_FMA
#undef CK_LOAD_PART
#undef CK_STORE_PART
#undef CK_PART_MASK
