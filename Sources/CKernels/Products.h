// Matrix products. Every element of a result accumulates over its terms in order, whichever way it is tiled.

// c[i] = init[i] + Σ_j a[i, j] b[j] for `rows` rows of `vectors` vectors, of which the last has only `part` lanes if
// has_part. rows, vectors and has_part are constants where this is inlined, so that the sums stay in registers.
CK_INLINE void CK_NAME(tile)(const int rows, const int vectors, const int has_part, long part, long steps,
                             const float *a, long a_row, long a_step, const float *b, long b_step, const float *init,
                             long init_row, float *c, long c_row) {
  V sum[2 * CK_TILE];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      V start = 0;
      if (init != NULL) {
        const float *from = init + i * init_row + v * CK_WIDTH;
        start = has_part && v == vectors - 1 ? CK_NAME(load_part)(from, part) : CK_NAME(load)(from);
      }
      sum[i * vectors + v] = start;
    }
  for (long j = 0; j < steps; j++) {
    V bj[4];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++)
      bj[v] = has_part && v == vectors - 1 ? CK_NAME(load_part)(b + v * CK_WIDTH, part)
                                           : CK_NAME(load)(b + v * CK_WIDTH);
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      V aij = (V)a[i * a_row];
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sum[i * vectors + v] = CK_FMA(aij, bj[v], sum[i * vectors + v]);
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
        CK_NAME(store_part)(to, part, sum[i * vectors + v]);
      else
        CK_NAME(store)(to, sum[i * vectors + v]);
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

// c = init + a b, with c rows × columns and b steps × columns, whose rows start b_row, init_row and c_row floats apart;
// a is read through both of its strides. `init` is null for zeros, with a row stride of 0 for a bias, or c itself.
static void CK_NAME(product)(long rows, long columns, long steps, const float *a, long a_row, long a_step,
                             const float *b, long b_row, const float *init, long init_row, float *c, long c_row) {
  long n = 0;
  // A row or two make few sums of a strip; more vectors at a time hide how long a multiply-add takes.
  for (; rows <= 2 && n + 4 * CK_WIDTH <= columns; n += 4 * CK_WIDTH) {
    const float *start = init == NULL ? NULL : init + n;
    if (rows == 2)
      CK_NAME(tile)(2, 4, 0, 0, steps, a, a_row, a_step, b + n, b_row, start, init_row, c + n, c_row);
    else if (rows == 1)
      CK_NAME(tile)(1, 4, 0, 0, steps, a, a_row, a_step, b + n, b_row, start, init_row, c + n, c_row);
  }
  for (; n < columns; n += 2 * CK_WIDTH) {
    long left = columns - n;
    const float *start = init == NULL ? NULL : init + n;
    if (left >= 2 * CK_WIDTH)
      CK_NAME(strip)(2, 0, 0, rows, steps, a, a_row, a_step, b + n, b_row, start, init_row, c + n, c_row);
    else if (left > CK_WIDTH)
      CK_NAME(strip)(2, 1, left - CK_WIDTH, rows, steps, a, a_row, a_step, b + n, b_row, start, init_row, c + n, c_row);
    else if (left == CK_WIDTH)
      CK_NAME(strip)(1, 0, 0, rows, steps, a, a_row, a_step, b + n, b_row, start, init_row, c + n, c_row);
    else
      CK_NAME(strip)(1, 1, left, rows, steps, a, a_row, a_step, b + n, b_row, start, init_row, c + n, c_row);
  }
}

// MARK: Dot products

// Σ_j a[j] b[j] over `count` terms: lane l of 16 adds up terms l, l + 16, …, then halves are added to halves.
CK_INLINE float CK_NAME(dot)(const float *a, const float *b, long count) {
  enum { lanes = 16, vectors = lanes / CK_WIDTH };
  V sum[vectors];
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; v++) sum[v] = 0;
  long j = 0;
  for (; j + lanes <= count; j += lanes)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++)
      sum[v] = CK_FMA(CK_NAME(load)(a + j + v * CK_WIDTH), CK_NAME(load)(b + j + v * CK_WIDTH), sum[v]);
  for (int v = 0; v < vectors && j < count; v++, j += CK_WIDTH) {
    long part = count - j < CK_WIDTH ? count - j : CK_WIDTH;
    sum[v] = CK_FMA(CK_NAME(load_part)(a + j, part), CK_NAME(load_part)(b + j, part), sum[v]);
  }
#if CK_WIDTH == 16
  CK_NAME(float8) eight = sum[0].lo + sum[0].hi;
  CK_NAME(float4) four = eight.lo + eight.hi;
#elif CK_WIDTH == 8
  V eight = sum[0] + sum[1];
  CK_NAME(float4) four = eight.lo + eight.hi;
#else
  V four = (sum[0] + sum[2]) + (sum[1] + sum[3]);
#endif
  return (four.x + four.z) + (four.y + four.w);
}

// MARK: Transposing

CK_INLINE void CK_NAME(transpose8)(const float *m, long m_row, float *t, long t_row) {
  CK_NAME(float8) r[8], s[8];
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) r[i] = *(const CK_NAME(float8) *)(m + i * m_row);
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) {
    s[2 * i] = __builtin_shufflevector(r[2 * i], r[2 * i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    s[2 * i + 1] = __builtin_shufflevector(r[2 * i], r[2 * i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 2; i++)
#pragma clang loop unroll(full)
    for (int h = 0; h < 2; h++) {
      r[4 * i + 2 * h] = __builtin_shufflevector(s[4 * i + h], s[4 * i + h + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      r[4 * i + 2 * h + 1] = __builtin_shufflevector(s[4 * i + h], s[4 * i + h + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) {
    *(CK_NAME(float8) *)(t + i * t_row) = __builtin_shufflevector(r[i], r[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    *(CK_NAME(float8) *)(t + (i + 4) * t_row) = __builtin_shufflevector(r[i], r[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

// t[column, row] = m[row, column]
static void CK_NAME(transpose)(const float *m, long m_row, long rows, long columns, float *t, long t_row) {
  long whole_rows = rows - rows % 8, whole_columns = columns - columns % 8;
  for (long r = 0; r < whole_rows; r += 8) {
    for (long c = 0; c < whole_columns; c += 8) CK_NAME(transpose8)(m + r * m_row + c, m_row, t + c * t_row + r, t_row);
    for (long c = whole_columns; c < columns; c++)
      for (long i = r; i < r + 8; i++) t[c * t_row + i] = m[i * m_row + c];
  }
  for (long r = whole_rows; r < rows; r++)
    for (long c = 0; c < columns; c++) t[c * t_row + r] = m[r * m_row + c];
}
