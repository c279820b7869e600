import { PlumblineError } from '../../engine/errors';

/** How long a dry run may be written afterwards. */
export const PLAN_LIFETIME_MS = 10 * 60 * 1000;
/** Plans hold every encoded row, so only the latest ones are kept. */
export const MAX_PLANS = 3;

/** Dry runs that wait for the user's yes: each can be taken once, in time, with the token it was kept under. */
export interface KeptPlans<T> {
  keep(job: string, token: string, plan: T): void;
  /** Error: `redis.consent` when it was taken, has expired or the token is another one. */
  take(job: string, token: string): T;
  /** The same without taking it. */
  look(job: string, token: string): T;
  drop(job: string): void;
}

export function createKeptPlans<T>(now: () => number): KeptPlans<T> {
  const plans = new Map<string, { token: string; plan: T; expires: number }>();
  const look = (job: string, token: string): T => {
    const kept = plans.get(job);
    if (!kept || kept.token !== token || kept.expires < now()) {
      if (kept && kept.expires < now()) plans.delete(job);
      throw new PlumblineError('redis.consent', 'The dry run is not there any more.', {
        hint: 'A dry run can be written once, within ten minutes. Run it again.',
      });
    }
    return kept.plan;
  };
  return {
    keep: (job, token, plan) => {
      plans.delete(job);
      plans.set(job, { token, plan, expires: now() + PLAN_LIFETIME_MS });
      for (const oldest of plans.keys()) {
        if (plans.size <= MAX_PLANS) break;
        plans.delete(oldest);
      }
    },
    look,
    take: (job, token) => {
      const plan = look(job, token);
      plans.delete(job);
      return plan;
    },
    drop: (job) => void plans.delete(job),
  };
}
