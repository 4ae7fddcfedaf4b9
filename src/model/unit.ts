/** Canonical units: every figure is converted to one of these when it is read. GB = 10⁹ B. */
export type Unit = 'ms' | '%' | '/s' | 'B' | '1' | 'USD';
