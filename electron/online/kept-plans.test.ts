import { expect, test } from 'vitest';
import { createKeptPlans, MAX_PLANS, PLAN_LIFETIME_MS } from './kept-plans';

const consent = expect.objectContaining({ code: 'redis.consent' }) as Error;

test('a plan is taken once, with its own token', () => {
  const plans = createKeptPlans<string>(() => 0);
  plans.keep('job', 'token', 'plan');
  expect(() => plans.take('job', 'another')).toThrow(consent);
  expect(() => plans.take('other', 'token')).toThrow(consent);
  expect(() => plans.look('job', 'another')).toThrow(consent);
  expect(plans.look('job', 'token')).toBe('plan');
  expect(plans.take('job', 'token')).toBe('plan');
  expect(() => plans.take('job', 'token')).toThrow(consent);
  expect(() => plans.look('job', 'token')).toThrow(consent);
});

test('a plan expires', () => {
  let clock = 0;
  const plans = createKeptPlans<string>(() => clock);
  plans.keep('early', 't', 'plan');
  clock = PLAN_LIFETIME_MS;
  expect(plans.take('early', 't')).toBe('plan');
  plans.keep('late', 't', 'plan');
  clock += PLAN_LIFETIME_MS + 1;
  expect(() => plans.take('late', 't')).toThrow(consent);
});

test('only the latest plans are kept', () => {
  const plans = createKeptPlans<number>(() => 0);
  for (let job = 0; job <= MAX_PLANS; job++) plans.keep(String(job), 't', job);
  expect(() => plans.take('0', 't')).toThrow(consent);
  expect(plans.take('1', 't')).toBe(1);
});
