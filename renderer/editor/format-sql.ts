/** DuckDB SQL laid out by sql-formatter; null when it cannot read the text, which then stays as it is. */
export async function formatSql(sql: string): Promise<string | null> {
  const { format } = await import('sql-formatter');
  try {
    return format(sql, { language: 'duckdb', keywordCase: 'upper', tabWidth: 2 }).replace(
      /\bFILTER\(/g,
      'FILTER (',
    );
  } catch {
    return null;
  }
}
