interface Props {
  column: string;
  chosen: boolean;
  title?: string;
  onChoose(column: string): void;
}

/** A feature's name in a table; pressing it shows what there is to say of the feature. */
export function FeatureChoice({ column, chosen, title, onChoose }: Props) {
  return (
    <td>
      <button className="link" aria-pressed={chosen} title={title} onClick={() => onChoose(column)}>
        {column}
      </button>
    </td>
  );
}
