// Dense layers, forward and backward, and the scaling of their inputs.

// Rows that are finished together, so that the activation finds them in the nearest cache; a multiple of every tile.
enum { CK_NAME(block) = 48 };

// Layers with few outputs leave most lanes of a vector empty unless rows lie along the lanes instead. Up to how many
// outputs, and inputs, that is done.
enum { CK_NAME(narrow) = 8, CK_NAME(deepest) = 512 };

// y = x w + b, with rows along the lanes.
static void CK_NAME(forward_narrow)(const float *x, const float *w, const float *b, float *y, long rows, long inputs,
                                    long outputs) {
  enum { width = 2 * CK_WIDTH };
  _Alignas(64) float xt[CK_NAME(deepest) * width], yt[CK_NAME(narrow) * width], start[CK_NAME(narrow) * width];
  for (long o = 0; o < outputs; o++)
    for (long i = 0; i < width; i++) start[o * width + i] = b[o];
  for (long r = 0; r < rows; r += width) {
    long n = rows - r < width ? rows - r : width;
    CK_NAME(transpose)(x + r * inputs, inputs, n, inputs, xt, width);
    CK_NAME(product)(outputs, n, inputs, w, 1, outputs, xt, width, start, width, yt, width);
    CK_NAME(transpose)(yt, width, outputs, n, y + r * outputs, outputs);
  }
}

static void CK_NAME(forward)(const float *x, const float *w, const float *b, float *y, long rows, long inputs,
                             long outputs, int activation) {
  if (outputs == 1) {
    for (long r = 0; r < rows; r++) y[r] = b[0] + CK_NAME(dot)(x + r * inputs, w, inputs);
  } else if (outputs <= CK_NAME(narrow) && rows >= CK_NAME(narrow) && inputs <= CK_NAME(deepest)) {
    CK_NAME(forward_narrow)(x, w, b, y, rows, inputs, outputs);
  } else {
    for (long r = 0; r < rows; r += CK_NAME(block)) {
      long n = rows - r < CK_NAME(block) ? rows - r : CK_NAME(block);
      float *part = y + r * outputs;
      CK_NAME(product)(n, outputs, inputs, x + r * inputs, inputs, 1, w, outputs, b, 0, part, outputs);
      if (activation != CK_IDENTITY) CK_NAME(activate)(part, part, n * outputs, activation);
    }
    return;
  }
  if (activation != CK_IDENTITY) CK_NAME(activate)(y, y, rows * outputs, activation);
}

static void CK_NAME(backward_input)(const float *dy, const float *wt, const float *x, float *dx, long rows,
                                    long inputs, long outputs, int activation) {
  for (long r = 0; r < rows; r += CK_NAME(block)) {
    long n = rows - r < CK_NAME(block) ? rows - r : CK_NAME(block);
    CK_NAME(product)(n, inputs, outputs, dy + r * outputs, outputs, 1, wt, inputs, NULL, 0, dx + r * inputs, inputs);
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

// dw += xᵀ dy, with inputs along the lanes.
static void CK_NAME(add_narrow)(const float *x, const float *dy, float *dw, long rows, long inputs, long outputs) {
  enum { width = 64 };
  _Alignas(64) float dwt[CK_NAME(narrow) * width];
  for (long i = 0; i < inputs; i += width) {
    long n = inputs - i < width ? inputs - i : width;
    CK_NAME(transpose)(dw + i * outputs, outputs, n, outputs, dwt, width);
    CK_NAME(product)(outputs, n, rows, dy, 1, outputs, x + i, inputs, dwt, width, dwt, width);
    CK_NAME(transpose)(dwt, width, outputs, n, dw + i * outputs, outputs);
  }
}

static void CK_NAME(backward_weights)(const float *x, const float *dy, float *dw, float *db, long rows, long inputs,
                                      long outputs) {
  // Rows in blocks that fit the cache; the sums stand in dw between blocks, which changes no bit.
  enum { block = 256 };
  for (long r = 0; r < rows; r += block) {
    long n = rows - r < block ? rows - r : block;
    const float *xr = x + r * inputs, *dyr = dy + r * outputs;
    if (outputs == 1)
      CK_NAME(product)(1, inputs, n, dyr, 1, 1, xr, inputs, dw, 0, dw, inputs);
    else if (outputs <= CK_NAME(narrow))
      CK_NAME(add_narrow)(xr, dyr, dw, n, inputs, outputs);
    else
      CK_NAME(product)(inputs, outputs, n, xr, 1, inputs, dyr, outputs, dw, outputs, dw, outputs);
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

