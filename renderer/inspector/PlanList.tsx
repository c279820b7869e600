import type { PlanChoice } from '../../engine/sql/plan';
import { planFacts } from '../../engine/sql/plan-text';

/** How one view's values were computed for a training set that stands built. */
export interface ShownPlan {
  set: string;
  choice: PlanChoice;
}

/** The plans that the engine took, and why. `about` says whether a set's views or a view's sets are listed. */
export function PlanList({ plans, about }: { plans: readonly ShownPlan[]; about: 'set' | 'view' }) {
  return (
    <ul className="inspector-plans">
      {plans.map(({ set, choice }) => (
        <li key={`${set} ${choice.view}`} data-plan={choice.plan}>
          <b>{about === 'set' ? choice.view : `in ${set}`}</b>: {choice.plan}
          <p>{choice.why}</p>
          <p>{planFacts(choice)}</p>
        </li>
      ))}
    </ul>
  );
}
