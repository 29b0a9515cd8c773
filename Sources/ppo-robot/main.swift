import PPORobot
