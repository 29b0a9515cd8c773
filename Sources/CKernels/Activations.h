// Activations and their derivatives, element by element.

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

// x P(x²) / Q(x²) with |x| cut off at 9, where tanh is 1 in single precision. The coefficients come from a least-squares
// fit, reweighted until the largest relative error on [0, 9] is smallest (Lawson): 2.1e-8, well below the rounding.
CK_INLINE V CK_NAME(tanh)(V x) {
  x = x > (V)9.0f ? (V)9.0f : x;
  x = x < (V)-9.0f ? (V)-9.0f : x;
  V s = x * x;
  V p = CK_FMA((V)1.33545718803e-8f, s, (V)2.06090195344e-5f);
  V q = CK_FMA((V)7.77652201693e-7f, s, (V)0.000328562874106f);
  p = CK_FMA(p, s, (V)0.00349558452356f);
  q = CK_FMA(q, s, (V)0.0258769688893f);
  p = CK_FMA(p, s, (V)0.133810227593f);
  q = CK_FMA(q, s, (V)0.46714338387f);
  p = CK_FMA(p, s, (V)0.999999979572f);
  q = CK_FMA(q, s, (V)1.0f);
  V y = x * p / q;
  // Rounding must not carry it past its limits.
  y = y > (V)1.0f ? (V)1.0f : y;
  return y < (V)-1.0f ? (V)-1.0f : y;
}

CK_INLINE V CK_NAME(elu)(V x) {
  V low = x < (V)-87.0f ? (V)-87.0f : x;
  V negative = CK_NAME(expm1)(low > (V)0.0f ? (V)0.0f : low);
  return x > (V)0.0f ? x : negative;
}

CK_INLINE V CK_NAME(relu)(V x) { return x < (V)0.0f ? (V)0.0f : x; }

// Several vectors at a time, so that one's latency hides behind the others.
#define CK_EACH(expression)                                                             \
  do {                                                                                  \
    long i = 0;                                                                         \
    for (; i + 4 * CK_WIDTH <= count; i += 4 * CK_WIDTH) {                              \
      V part[4];                                                                        \
      _Pragma("clang loop unroll(full)") for (int u = 0; u < 4; u++) {                  \
        V v = CK_NAME(load)(x + i + u * CK_WIDTH);                                      \
        part[u] = expression;                                                           \
      }                                                                                 \
      _Pragma("clang loop unroll(full)") for (int u = 0; u < 4; u++)                    \
        CK_NAME(store)(y + i + u * CK_WIDTH, part[u]);                                  \
    }                                                                                   \
    for (; i < count; i += CK_WIDTH) {                                                  \
      long n = count - i < CK_WIDTH ? count - i : CK_WIDTH;                             \
      V v = CK_NAME(load_part)(x + i, n);                                               \
      CK_NAME(store_part)(y + i, n, expression);                                        \
    }                                                                                   \
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

