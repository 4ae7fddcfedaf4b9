import { setTimeout as sleep } from 'node:timers/promises';

/** Tells the social network the bot's reply. It stands outside, and is waited for. */
export async function reply(text: string, networkMs: number): Promise<string> {
  if (networkMs > 0) await sleep(networkMs);
  return text;
}
