-- Ids are stable: clients keep them. What has no container image or task definition yet runs locally only.

INSERT INTO language (name, ordering) VALUES
    ('python', 1), ('node', 2), ('java', 3), ('c', 4), ('c++', 5), ('go', 6), ('shell', 7), ('ruby', 8), ('rust', 9);

INSERT INTO image (id, name, language, local_command, cpu_millis, memory_mib, ordering) VALUES
    (1, 'Python 3', 'python',     'python3', 250,  512, 1),
    (2, 'Node.js',  'node',       'node',    250,  512, 2),
    (3, 'Java',     'java',       'javac',   500, 1024, 3),
    (4, 'C',        'c',          'gcc',     250,  512, 4),
    (5, 'C++',      'c++',        'g++',     500, 1024, 5),
    (6, 'Go',       'go',         'go',      500, 1024, 6),
    (7, 'Shell',    'shell',      'bash',    250,  512, 7),
    (8, 'Ruby',     'ruby',       'ruby',    250,  512, 8),
    (9, 'Rust',     'rust',       'rustc',   500, 1024, 9);
