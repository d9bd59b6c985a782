import { Autocomplete, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState, type ReactNode } from 'react';

/** The filters of a list, above it. Their values live in the address: see `useFilters`. */
export function FilterBar({ of, children }: { of: string; children: ReactNode }) {
  return (
    <div className="filters" role="search" aria-label={of}>
      {children}
    </div>
  );
}

interface FilterProps {
  label: string;
  description?: string;
  placeholder?: string;
  value: string;
  set: (value: string) => void;
}

interface FilterSelectProps extends FilterProps {
  /** What taking the filter away shows, as a screen reader says it: `All products`. */
  all: string;
  data: { value: string; label: string }[];
  searchable?: boolean;
}

export function FilterSelect({ all, value, set, placeholder = 'All', ...rest }: FilterSelectProps) {
  return (
    <Select
      {...rest}
      placeholder={placeholder}
      clearable
      clearButtonProps={{ 'aria-label': all }}
      value={value || null}
      onChange={(chosen) => set(chosen ?? '')}
    />
  );
}

interface FilterTextProps extends FilterProps {
  icon?: ReactNode;
  /** What may be typed, as far as it is known. */
  suggestions?: string[];
}

/** A filter that is typed: it counts once the person rests. */
export function FilterText({ value, set, icon, suggestions, ...rest }: FilterTextProps) {
  const [typed, setTyped] = useState(value);
  const sent = useRef(value);
  const later = useDebouncedCallback((text: string) => {
    sent.current = text;
    set(text);
  }, 250);
  useEffect(() => {
    // the address changed without us, by a link or the back button
    if (value === sent.current) return;
    sent.current = value;
    setTyped(value);
  }, [value]);
  const change = (text: string) => {
    setTyped(text);
    later(text.trim());
  };
  return suggestions ? (
    <Autocomplete {...rest} data={suggestions} limit={12} value={typed} onChange={change} />
  ) : (
    <TextInput {...rest} leftSection={icon} value={typed} onChange={(e) => change(e.currentTarget.value)} />
  );
}
