// One variant of the kernels; CKernels.c includes this once for each kind of processor, with these defined:
// CK_WIDTH floats a vector, CK_TILE rows a tile, CK_NAME(f) a name of its own, CK_LABEL, CK_FMA(a, b, c), and, where the
// processor has them, CK_LOAD_PART and CK_STORE_PART for the first n < CK_WIDTH lanes.

typedef float CK_NAME(vector) __attribute__((ext_vector_type(CK_WIDTH)));
typedef float CK_NAME(unaligned) __attribute__((ext_vector_type(CK_WIDTH), aligned(4), may_alias));
typedef uint32_t CK_NAME(bits) __attribute__((ext_vector_type(CK_WIDTH)));
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

// MARK: Products

// c[i] = init[i] + Σ_j a[i, j] b[j] for `rows` rows of `vectors` vectors, of which the last has only `part` lanes unless
// part is 0. rows, vectors and has_part are constants where this is inlined, so that the sums stay in registers.
CK_INLINE void CK_NAME(tile)(const int rows, const int vectors, const int has_part, long part, long steps,
                             const float *a, long a_row, long a_step, const float *b, long b_step, const float *init,
                             long init_row, float *c, long c_row) {
  V sum[CK_TILE][2];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      sum[i][v] = 0;
      if (init != NULL) {
        const float *from = init + i * init_row + v * CK_WIDTH;
        sum[i][v] = has_part && v == vectors - 1 ? CK_NAME(load_part)(from, part) : CK_NAME(load)(from);
      }
    }
  for (long j = 0; j < steps; j++) {
    V bj[2];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++)
      bj[v] = has_part && v == vectors - 1 ? CK_NAME(load_part)(b + v * CK_WIDTH, part)
                                           : CK_NAME(load)(b + v * CK_WIDTH);
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      V aij = (V)a[i * a_row];
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sum[i][v] = CK_FMA(aij, bj[v], sum[i][v]);
    }
    a += a_step;
    b += b_step;
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      float *to = c + i * c_row + v * CK_WIDTH;
      if (has_part && v == vectors - 1)
        CK_NAME(store_part)(to, part, sum[i][v]);
      else
        CK_NAME(store)(to, sum[i][v]);
    }
}

#define CK_RUN_TILE(n)                                                                                               \
  CK_NAME(tile)(n, vectors, has_part, part, steps, a + i * a_row, a_row, a_step, b, b_step,                          \
                init == NULL ? NULL : init + i * init_row, init_row, c + i * c_row, c_row)

// All rows of one strip of columns.
CK_INLINE void CK_NAME(strip)(const int vectors, const int has_part, long part, long rows, long steps, const float *a,
                              long a_row, long a_step, const float *b, long b_step, const float *init, long init_row,
                              float *c, long c_row) {
  long i = 0;
  for (; i + CK_TILE <= rows; i += CK_TILE) CK_RUN_TILE(CK_TILE);
  if (CK_TILE > 8 && i + 8 <= rows) {
    CK_RUN_TILE(CK_TILE > 8 ? 8 : 1);
    i += 8;
  }
  if (i + 4 <= rows) {
    CK_RUN_TILE(4);
    i += 4;
  }
  if (i + 2 <= rows) {
    CK_RUN_TILE(2);
    i += 2;
  }
  if (i < rows) CK_RUN_TILE(1);
}

// c = init + a b, with c rows × columns and b steps × columns, both dense; a is read through its two strides. `init` is
// null for zeros, with a row stride of 0 for a bias, or c itself.
static void CK_NAME(product)(long rows, long columns, long steps, const float *a, long a_row, long a_step,
                             const float *b, const float *init, long init_row, float *c) {
  for (long n = 0; n < columns; n += 2 * CK_WIDTH) {
    long left = columns - n;
    const float *start = init == NULL ? NULL : init + n;
    if (left >= 2 * CK_WIDTH)
      CK_NAME(strip)(2, 0, 0, rows, steps, a, a_row, a_step, b + n, columns, start, init_row, c + n, columns);
    else if (left > CK_WIDTH)
      CK_NAME(strip)(2, 1, left - CK_WIDTH, rows, steps, a, a_row, a_step, b + n, columns, start, init_row, c + n,
                     columns);
    else if (left == CK_WIDTH)
      CK_NAME(strip)(1, 0, 0, rows, steps, a, a_row, a_step, b + n, columns, start, init_row, c + n, columns);
    else
      CK_NAME(strip)(1, 1, left, rows, steps, a, a_row, a_step, b + n, columns, start, init_row, c + n, columns);
  }
}

// MARK: Activations

// e^x - 1 for x in [-87, 87]. With x = n ln 2 + r and |r| <= ln 2 / 2, e^r - 1 is its Taylor polynomial of degree 7
// (truncation below 2e-8 of the result) and e^x - 1 = 2^n (e^r - 1) + (2^n - 1), which cancels nowhere.
CK_INLINE V CK_NAME(expm1)(V x) {
  const V shift = 12582912.0f;  // 1.5 × 2^23: adding it rounds to a whole number, left in the low bits
  V shifted = CK_FMA(x, (V)1.44269504088896341f, shift);
  V n = shifted - shift;
  V r = CK_FMA(n, (V)-0.693145751953125f, x);
  r = CK_FMA(n, (V)-1.42860682030941723e-6f, r);
  V q = 1.0f / 5040;
  q = CK_FMA(q, r, (V)(1.0f / 720));
  q = CK_FMA(q, r, (V)(1.0f / 120));
  q = CK_FMA(q, r, (V)(1.0f / 24));
  q = CK_FMA(q, r, (V)(1.0f / 6));
  q = CK_FMA(q, r, (V)0.5f);
  V p = CK_FMA(r * r, q, r);
  U power = (__builtin_bit_cast(U, shifted) << 23) + 0x3F800000u;
  V s = __builtin_bit_cast(V, power);
  return CK_FMA(s, p, s - 1.0f);
}

CK_INLINE V CK_NAME(tanh)(V x) {
  U sign = __builtin_bit_cast(U, x) & 0x80000000u;
  V twice = __builtin_bit_cast(V, __builtin_bit_cast(U, x) & 0x7FFFFFFFu) * 2.0f;
  twice = twice > (V)20.0f ? (V)20.0f : twice;  // tanh(10) is 1 in single precision
  V e = CK_NAME(expm1)(twice);
  V t = e / (e + 2.0f);
  return __builtin_bit_cast(V, __builtin_bit_cast(U, t) | sign);
}

CK_INLINE V CK_NAME(elu)(V x) {
  V low = x < (V)-87.0f ? (V)-87.0f : x;
  V negative = CK_NAME(expm1)(low > (V)0.0f ? (V)0.0f : low);
  return x > (V)0.0f ? x : negative;
}

CK_INLINE V CK_NAME(relu)(V x) { return x < (V)0.0f ? (V)0.0f : x; }

#define CK_EACH(expression)                                        \
  do {                                                             \
    long i = 0;                                                    \
    for (; i + CK_WIDTH <= count; i += CK_WIDTH) {                 \
      V v = CK_NAME(load)(x + i);                                  \
      CK_NAME(store)(y + i, expression);                           \
    }                                                              \
    if (i < count) {                                               \
      V v = CK_NAME(load_part)(x + i, count - i);                  \
      CK_NAME(store_part)(y + i, count - i, expression);           \
    }                                                              \
  } while (0)

static void CK_NAME(activate)(const float *x, float *y, long count, int activation) {
  switch (activation) {
    case CK_TANH: CK_EACH(CK_NAME(tanh)(v)); break;
    case CK_ELU: CK_EACH(CK_NAME(elu)(v)); break;
    case CK_RELU: CK_EACH(CK_NAME(relu)(v)); break;
    default:
      if (x != y) __builtin_memmove(y, x, (size_t)count * sizeof(float));
  }
}

#define CK_EACH_PAIR(expression)                                   \
  do {                                                             \
    long i = 0;                                                    \
    for (; i + CK_WIDTH <= count; i += CK_WIDTH) {                 \
      V a = CK_NAME(load)(x + i), d = CK_NAME(load)(y + i);        \
      CK_NAME(store)(y + i, expression);                           \
    }                                                              \
    if (i < count) {                                               \
      long n = count - i;                                          \
      V a = CK_NAME(load_part)(x + i, n), d = CK_NAME(load_part)(y + i, n); \
      CK_NAME(store_part)(y + i, n, expression);                   \
    }                                                              \
  } while (0)

// y *= activation'(z), where x = activation(z).
static void CK_NAME(through)(const float *x, float *y, long count, int activation) {
  switch (activation) {
    case CK_TANH: CK_EACH_PAIR(d * CK_FMA(-a, a, (V)1.0f)); break;
    case CK_ELU: CK_EACH_PAIR(a > (V)0.0f ? d : CK_FMA(d, a, d)); break;
    case CK_RELU: CK_EACH_PAIR(a > (V)0.0f ? d : (V)0.0f); break;
    default: break;
  }
}

// MARK: Layers

// Rows that are finished together, so that the activation finds them in the nearest cache; a multiple of every tile.
enum { CK_NAME(block) = 48 };

static void CK_NAME(forward)(const float *x, const float *w, const float *b, float *y, long rows, long inputs,
                             long outputs, int activation) {
  for (long r = 0; r < rows; r += CK_NAME(block)) {
    long n = rows - r < CK_NAME(block) ? rows - r : CK_NAME(block);
    CK_NAME(product)(n, outputs, inputs, x + r * inputs, inputs, 1, w, b, 0, y + r * outputs);
    if (activation != CK_IDENTITY) CK_NAME(activate)(y + r * outputs, y + r * outputs, n * outputs, activation);
  }
}

static void CK_NAME(backward_input)(const float *dy, const float *wt, const float *x, float *dx, long rows,
                                    long inputs, long outputs, int activation) {
  for (long r = 0; r < rows; r += CK_NAME(block)) {
    long n = rows - r < CK_NAME(block) ? rows - r : CK_NAME(block);
    CK_NAME(product)(n, inputs, outputs, dy + r * outputs, outputs, 1, wt, NULL, 0, dx + r * inputs);
    CK_NAME(through)(x + r * inputs, dx + r * inputs, n * inputs, activation);
  }
}

CK_INLINE void CK_NAME(sum_columns)(const int vectors, const float *dy, float *db, long rows, long outputs) {
  V sum[4];
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; v++) sum[v] = CK_NAME(load)(db + v * CK_WIDTH);
  for (long r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) sum[v] += CK_NAME(load)(dy + r * outputs + v * CK_WIDTH);
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; v++) CK_NAME(store)(db + v * CK_WIDTH, sum[v]);
}

static void CK_NAME(backward_weights)(const float *x, const float *dy, float *dw, float *db, long rows, long inputs,
                                      long outputs) {
  // Rows in blocks that fit the cache; the sums stand in dw between blocks, which changes no bit.
  enum { block = 256 };
  for (long r = 0; r < rows; r += block) {
    long n = rows - r < block ? rows - r : block;
    CK_NAME(product)(inputs, outputs, n, x + r * inputs, 1, inputs, dy + r * outputs, dw, outputs, dw);
  }
  long i = 0;
  for (; i + 4 * CK_WIDTH <= outputs; i += 4 * CK_WIDTH) CK_NAME(sum_columns)(4, dy + i, db + i, rows, outputs);
  for (; i + CK_WIDTH <= outputs; i += CK_WIDTH) CK_NAME(sum_columns)(1, dy + i, db + i, rows, outputs);
  if (i < outputs) {
    V sum = CK_NAME(load_part)(db + i, outputs - i);
    for (long r = 0; r < rows; r++) sum += CK_NAME(load_part)(dy + r * outputs + i, outputs - i);
    CK_NAME(store_part)(db + i, outputs - i, sum);
  }
}

// MARK: Inputs

static void CK_NAME(normalize)(const float *x, long x_row, const float *mean, const float *scale, float clip, float *y,
                               long rows, long columns) {
  for (long r = 0; r < rows; r++) {
    for (long c = 0; c < columns; c++) {
      float v = (x[r * x_row + c] - mean[c]) * scale[c];
      v = v < -clip ? -clip : v;
      y[r * columns + c] = v > clip ? clip : v;
    }
  }
}

// MARK: The optimiser

static void CK_NAME(add)(const float *x, float *y, long count) {
  for (long i = 0; i < count; i++) y[i] += x[i];
}

static double CK_NAME(squared_norm)(const float *x, long count) {
  // The square of a float is exact in double precision, so fused or not makes no difference here.
  CK_NAME(double8) sum = 0;
  long i = 0;
  for (; i + 8 <= count; i += 8) {
    CK_NAME(double8) v = __builtin_convertvector(*(const CK_NAME(float8) *)(x + i), CK_NAME(double8));
    sum += v * v;
  }
  for (int lane = 0; i < count; i++, lane++) sum[lane] += (double)x[i] * (double)x[i];
  return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

CK_INLINE void CK_NAME(adam_lanes)(V *p, V *m, V *s, V g, const ck_adam_step *step) {
  g *= step->gradient_scale;
  *m = CK_FMA((V)step->beta1, *m, (1.0f - step->beta1) * g);
  *s = CK_FMA((V)step->beta2, *s, (1.0f - step->beta2) * (g * g));
  V root = __builtin_elementwise_sqrt(*s);
  V denominator = CK_FMA(root, (V)step->second_moment_scale, (V)step->epsilon);
  *p = CK_FMA((V)-step->step_size, *m / denominator, *p);
}

static void CK_NAME(adam)(float *parameters, float *first, float *second, const float *gradient, long count,
                          const ck_adam_step *step) {
  long i = 0;
  for (; i + CK_WIDTH <= count; i += CK_WIDTH) {
    V p = CK_NAME(load)(parameters + i), m = CK_NAME(load)(first + i), s = CK_NAME(load)(second + i);
    CK_NAME(adam_lanes)(&p, &m, &s, CK_NAME(load)(gradient + i), step);
    CK_NAME(store)(parameters + i, p);
    CK_NAME(store)(first + i, m);
    CK_NAME(store)(second + i, s);
  }
  if (i < count) {
    long n = count - i;
    V p = CK_NAME(load_part)(parameters + i, n), m = CK_NAME(load_part)(first + i, n),
      s = CK_NAME(load_part)(second + i, n);
    CK_NAME(adam_lanes)(&p, &m, &s, CK_NAME(load_part)(gradient + i, n), step);
    CK_NAME(store_part)(parameters + i, n, p);
    CK_NAME(store_part)(first + i, n, m);
    CK_NAME(store_part)(second + i, n, s);
  }
}

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
  CK_NAME(adam),      CK_NAME(saturate),
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
