import { z } from 'zod';

/** What to do about a wrong value, where the message alone does not say it. Register the field inside its `.optional()`. */
export const hints = z.registry<{ hint: string }>();
