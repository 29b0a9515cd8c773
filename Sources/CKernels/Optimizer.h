// Sums over gradients and the optimizer's step.

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

