/** A figure as people say it: whole with thousands apart from 10 on, one digit below, two below 1. */
export function say(value: number): string {
  const digits = Math.abs(value) >= 10 ? 0 : Math.abs(value) >= 1 ? 1 : 2;
  return Number(value.toFixed(digits)).toLocaleString('en-US');
}

/** A number of things with their word, and whatever must go with it: `1 job waits`, `12 jobs wait`, `0.4 jobs wait`. */
export function sayMany(value: number, one: string, many: string): string {
  const said = say(value);
  return `${said} ${said === '1' ? one : many}`;
}
