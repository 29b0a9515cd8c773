"use strict";

/** A whole number with commas: 1,234,567. */
function groupedNumber(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A number for people, as the command writes it: about three significant digits, 1,234, 18.2, 0.93, 2.4e-4. */
function shortNumber(value) {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const sign = value < 0 ? "-" : "";
  const trimmed = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  if (size >= 1e9 || (size > 0 && size < 1e-3)) {
    const [mantissa, exponent] = size.toExponential(2).split("e");
    return `${sign}${trimmed(mantissa)}e${Number(exponent)}`;
  }
  const places = size >= 99.95 || size === 0 ? 0 : size >= 9.995 ? 1 : size >= 0.0995 ? 2 : size >= 0.00995 ? 3 : 4;
  if (size >= 999.95) return sign + groupedNumber(Math.round(size));
  const scale = 10 ** (size >= 99.95 ? 1 : places);
  const text = trimmed((Math.round(size * scale) / scale).toFixed(size >= 99.95 ? 1 : places));
  return (text === "0" ? "" : sign) + text;
}

/** A number beside an axis, with `places` digits behind the point. */
function tickNumber(value, places) {
  const size = Math.abs(value);
  if (size >= 1e6 || (size > 0 && size < 1e-3)) return shortNumber(value);
  return size >= 1000 ? shortNumber(Math.round(value)) : (size === 0 ? 0 : value).toFixed(places);
}
