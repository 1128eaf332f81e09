/** Outlines of the line icons, 24 by 24. */
export const iconPaths = {
  board: 'M3 4h8v7H3zM13 4h8v4h-8zM13 10h8v10h-8zM3 13h8v7H3z',
  alerts: 'M12 3a6 6 0 0 1 6 6v4l2 4H4l2-4V9a6 6 0 0 1 6-6zM10 20h4',
  rooms: 'M4 21V5l9-2v18M13 7h7v14M3 21h18M9.5 12v.5',
  sessions: 'M7 3h10v4H7zM5 5H4v16h16V5h-1M8 12l1.5 1.5L12 11M14 12h3M8 17l1.5 1.5L12 16M14 17h3',
  patrol: 'M5 19a2 2 0 1 0 0 .01M19 5a2 2 0 1 0 0 .01M7 19h8a4 4 0 0 0 0-8H9a4 4 0 0 1 0-8h8',
  words: 'M4 5h16v11H9l-5 4zM8 9h8M8 12.5h5',
  cameras: 'M3 7h12v10H3zM15 11l6-3.5v9L15 13',
  evidence: 'M12 3l8 3v6c0 5-3.5 8-8 9-4.500-1-8-4-8-9V6zM8.500 12l2.500 2.500 4.500-5',
  rules: 'M4 6h9M17 6h3M4 12h3M11 12h9M4 18h9M17 18h3M13 4h4v4h-4zM7 10h4v4H7zM13 16h4v4h-4z',
  duty: 'M4 6h16v15H4zM4 10h16M8 3v5M16 3v5M8 14h3M8 17.5h6',
  system:
    'M12 8.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM12 2.5v3M12 18.5v3M2.5 12h3M18.5 12h3M5.3 5.3l2.1 2.1M16.6 16.6l2.1 2.1M5.3 18.7l2.1-2.1M16.6 7.4l2.1-2.1',
  reports: 'M5 3h10l4 4v14H5zM9 17v-4M12 17v-7M15 17v-2',
  soundOn: 'M4 9h4l5-4v14l-5-4H4zM16.5 8.5a5 5 0 0 1 0 7M19 6a8.5 8.5 0 0 1 0 12',
  soundOff: 'M4 9h4l5-4v14l-5-4H4zM17 9.5l5 5M22 9.5l-5 5',
  wall: 'M3 5h18v12H3zM9 21h6M12 17v4',
  leave: 'M10 4H4v16h6M9 12h12M17 8l4 4-4 4',
  user: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4 21c0-4 3.6-6.5 8-6.5s8 2.5 8 6.5',
  person: 'M12 3.5a3.4 3.4 0 1 1 0 6.8 3.4 3.4 0 0 1 0-6.8zM5.5 21v-3.5c0-3 2.6-5 6.5-5s6.5 2 6.5 5V21z',
  undo: 'M4 9h10a6 6 0 0 1 0 12H8M4 9l5-5M4 9l5 5',
  next: 'M9 5l7 7-7 7',
  prev: 'M15 5l-7 7 7 7',
  link: 'M5 12a9 9 0 0 1 14 0M8 15.2a5 5 0 0 1 8 0M12 19v.2M3 3l18 18',
  clock: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 7v5.5l3.5 2',
  eye: 'M2 12c2.5-4.6 6-7 10-7s7.5 2.4 10 7c-2.5 4.6-6 7-10 7S4.5 16.6 2 12zM12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6z',
} as const;

export type IconName = keyof typeof iconPaths;
