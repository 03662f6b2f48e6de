/** For pictures of the demo: time starts at one fixed moment and goes a thousand times slower, so that every run shows the same. */
const start = Date.now();
const RealDate = Date;
const realNow = Date.now.bind(Date);
const realMonotonic = performance.now.bind(performance);
const now = () => RealDate.UTC(2026, 10, 20, 10, 0, 0) + Math.floor((realNow() - start) / 1000);

globalThis.Date = class extends RealDate {
  constructor(...values) {
    if (values.length === 0) super(now());
    else super(...values);
  }

  static now() {
    return now();
  }
};
performance.now = () => realMonotonic() / 1000;
