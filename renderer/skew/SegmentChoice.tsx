import type { SegmentBy } from '../../engine/skew/pair-filter';
import { exactKey } from './exact-key';

export interface NamedSegmentation {
  by: SegmentBy;
  name: string;
  group: string;
}

interface Props {
  choices: readonly NamedSegmentation[];
  chosen: SegmentBy;
  onChoose(by: SegmentBy): void;
}

/** By what the rows that differ are told apart. */
export function SegmentChoice({ choices, chosen, onChoose }: Props) {
  const groups = [...new Set(choices.map(({ group }) => group))];
  return (
    <select
      className="select small"
      aria-label="Rows that differ by"
      value={exactKey(chosen)}
      onChange={(event) => {
        const found = choices.find(({ by }) => exactKey(by) === event.target.value);
        if (found !== undefined) onChoose(found.by);
      }}
    >
      {groups.map((group) => (
        <optgroup key={group} label={group}>
          {choices
            .filter((one) => one.group === group)
            .map(({ by, name }) => (
              <option key={exactKey(by)} value={exactKey(by)}>
                by {name}
              </option>
            ))}
        </optgroup>
      ))}
    </select>
  );
}
