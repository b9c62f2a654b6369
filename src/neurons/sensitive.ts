export const isSensitive = (_label: string): boolean => false
