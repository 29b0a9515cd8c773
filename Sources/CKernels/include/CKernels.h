#ifndef CKERNELS_H
#define CKERNELS_H

// Dense layers, their gradients and the optimizer's step, in single precision, for the widest vectors the processor has.
//
// Matrices are dense and row-major. A layer's weights stand input-major: `w[input * outputs + output]`. Every element
// of a product accumulates over its terms in order, with fused multiply-adds (a layer's only output: over every sixteenth
// term, then over the sixteen sums), so the AVX-512, AVX2 and NEON variants give the same bits, and a row's result does
// not depend on the rows beside it. The plain variant rounds products and
// sums separately. Not-a-number passes through. Counts may be anything from 0; nothing is read or written past the ends.

enum { CK_IDENTITY = 0, CK_TANH = 1, CK_ELU = 2, CK_RELU = 3 };

/// One Adam step (Kingma and Ba, 2015), its bias corrections worked out by the caller.
typedef struct {
  /// What gradients are multiplied by first.
  float gradient_scale;
  float beta1;
  float beta2;
  /// learning rate / (1 - beta1^t)
  float step_size;
  /// 1 / sqrt(1 - beta2^t)
  float second_moment_scale;
  float epsilon;
} ck_adam_step;

/// The same operations for one kind of processor.
typedef struct {
  const char *name;
  /// y = activation(x w + b); x is rows × inputs, w inputs × outputs, y rows × outputs.
  void (*forward)(const float *x, const float *w, const float *b, float *y, long rows, long inputs, long outputs,
                  int activation);
  /// dx = (dy wt) ∘ activation'(z), the derivative computed from the activation's value x; wt is outputs × inputs.
  void (*backward_input)(const float *dy, const float *wt, const float *x, float *dx, long rows, long inputs,
                         long outputs, int activation);
  /// dw += xᵀ dy, db += column sums of dy.
  void (*backward_weights)(const float *x, const float *dy, float *dw, float *db, long rows, long inputs,
                           long outputs);
  /// y = activation(x), element by element; x and y may be the same.
  void (*activate)(const float *x, float *y, long count, int activation);
  /// y = clamp((x - mean) scale) to ±clip, for rows of `columns` that start x_row floats apart in x; y is dense.
  void (*normalize)(const float *x, long x_row, const float *mean, const float *scale, float clip, float *y, long rows,
                    long columns);
  /// y += x
  void (*add)(const float *x, float *y, long count);
  /// Σ x², in double precision over eight fixed lanes.
  double (*squared_norm)(const float *x, long count);
  void (*adam)(float *parameters, float *first, float *second, const float *gradient, long count,
               const ck_adam_step *step);
  /// t[column, row] = m[row, column], for rows that start m_row floats apart in m and t_row floats apart in t.
  void (*transpose)(const float *m, long m_row, long rows, long columns, float *t, long t_row);
  /// Keeps the units for multiply-adds busy and does nothing else, to find out how fast they are. Tells how many
  /// floating-point operations it made; sink is read and written so that none can be left out.
  double (*saturate)(long rounds, float *sink);
} ck_kernels;

/// The fastest variant that this processor can run.
const ck_kernels *ck_best(void);

/// Variant `index` if this processor can run it, best first; null past the last one.
const ck_kernels *ck_variant(int index);

/// A chain of dense layers behind an input normalizer.
typedef struct {
  /// For each layer its weights (input-major), then its biases.
  const float *parameters;
  /// `layers` + 1 widths, each at most CK_WIDEST.
  const long *sizes;
  long layers;
  /// Of the hidden layers; the last layer has none.
  int activation;
  /// One number a column of the input, and the limit of what is left after scaling.
  const float *mean;
  const float *scale;
  float clip;
} ck_network;

enum { CK_WIDEST = 4096 };

/// y = network(normalized x) for rows that start x_row floats apart; keeps what it needs on the stack.
void ck_evaluate(const ck_network *network, const float *x, long x_row, float *y, long rows);

/// t[column * rows + row] = m[row * columns + column]
void ck_transpose(const float *m, float *t, long rows, long columns);

#endif
